"""The only way out to a network: it is gone by the person's act in that moment, and never otherwise."""
