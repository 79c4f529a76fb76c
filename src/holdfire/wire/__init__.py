"""What a relay sees: names, entries, trees, sheets and pieces as bytes; no secret is kept here and nothing is sent."""
