"""What the metadata of an original tells: our own tolerant reading, which shows kinds and never trusts a length."""
