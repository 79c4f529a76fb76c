"""What a court is given: items, their custody and stamps, in a folder that public tools can check (docs/formats/package.md)."""
