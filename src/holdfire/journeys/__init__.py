"""One module for each task that crosses capabilities, shared by pages and commands."""
