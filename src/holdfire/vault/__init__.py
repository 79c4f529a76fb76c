"""One file, four compartments, SQLite behind an encrypting VFS."""
