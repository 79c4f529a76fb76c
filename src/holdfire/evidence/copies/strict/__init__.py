"""Readers that accept only what our own writers may leave in a file: one module a container, everything else refused."""
