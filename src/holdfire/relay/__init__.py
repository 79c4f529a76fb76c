"""The relay: keeps bytes for desks and circles, and knows nobody (docs/protocols/relay.md)."""
