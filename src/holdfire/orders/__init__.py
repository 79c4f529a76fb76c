"""An order as it was received: its words, who gave it, when, and what is not known of it."""
