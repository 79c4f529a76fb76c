"""Working copies made in a process of their own, which can open nothing and is believed nothing that was not read again."""
