"""What a member recorded: kept untouched, logged, and copied for others without what would burn them."""
