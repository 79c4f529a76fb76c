"""The law as packs tell it: provisions, forums, oaths and deadlines, each with dates and how well it was read."""
