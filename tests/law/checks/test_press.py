"""People who report, watch or film."""

from __future__ import annotations

import pytest

from holdfire.law.checks.press import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize(
    "words", ["Keep journalists out.", "Журналистов не пускать.", "Забраць камеры.", "Nada de prensa."]
)
def test_the_press_is_seen(words: str) -> None:
    assert findings(complete(words=words))[ID].words == words
