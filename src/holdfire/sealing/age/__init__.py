"""The age file format, version 1: sealing to recipients who have no Holdfire (docs/formats/age.md)."""
