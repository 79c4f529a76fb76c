"""What only the two ends of a conversation see: cards, notices, messages, replies, buckets and the record of a desk."""
