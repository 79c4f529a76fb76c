"""When at the latest something was there, said by others (docs/formats/stamps.md)."""
