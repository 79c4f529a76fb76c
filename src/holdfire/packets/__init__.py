"""The packet for a court or an office: what it holds, who is named in it, and one PDF/A file made page by page."""
