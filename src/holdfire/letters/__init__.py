"""Letters a person can hand in: their kinds, texts, composition, files, and the clock that a request starts."""
