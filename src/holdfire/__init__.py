"""Holdfire: a private, offline-first companion for members of security forces."""
