"""The four forms there are, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from holdfire.evidence.accounts.claim import CLAIM
from holdfire.evidence.accounts.conduct import ACCOUNTABILITY
from holdfire.evidence.accounts.form import Form
from holdfire.evidence.accounts.harm import HARM
from holdfire.evidence.accounts.incident import INCIDENT

FORMS: Final[Mapping[str, Form]] = {form.kind: form for form in (HARM, INCIDENT, CLAIM, ACCOUNTABILITY)}
