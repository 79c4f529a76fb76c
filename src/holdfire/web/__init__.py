"""The pages: served on loopback, without scripts."""
