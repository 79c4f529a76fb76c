"""Official texts the person has: their articles, their versions, and which article a provision speaks of."""
