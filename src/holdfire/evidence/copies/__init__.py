"""Working copies: rebuilt without metadata, covered where the member says, read again before they are given out."""
