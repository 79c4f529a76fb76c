"""Texts of law as people have them, for tests; written for them, no real wording."""

from __future__ import annotations

CONSTITUTION = """Конституция Республики Беларусь
РАЗДЕЛ I
ОСНОВЫ КОНСТИТУЦИОННОГО СТРОЯ
Статья 7. Государственные органы действуют в пределах Конституции.
Ўсё гэта па законе.
Статья 8. Признаётся приоритет общепризнанных принципов.
РАЗДЕЛ II
ЛИЧНОСТЬ
Статья 23. Ограничение прав допускается только по закону.
Статья 35. Свобода собраний, не нарушающих правопорядок, гарантируется.
"""
CODE = """Criminal Code
Article 40. Carrying out an order
A person who carries out a binding order is not liable.
Whoever carries out an order known to be criminal answers for it.
Article 426. Abuse of power
An official who abuses power is punished.
"""
