"""What a member records, so that it holds up in court and does not burn them."""
