"""The member's end of a conversation with a desk: whom one knows, what waits to be sent, what was answered."""
