"""The desk's end of its conversations: what it publishes, what it reads from its boards, what it knows of each thread."""
