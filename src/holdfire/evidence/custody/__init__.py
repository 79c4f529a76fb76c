"""The custody log of one item: events nobody can change, remove or reorder unnoticed (docs/formats/custody.md)."""
