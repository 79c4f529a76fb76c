"""The 55 actions, the private questions, and the reasoner that orders them."""
