"""How every test runs: hypothesis repeats itself, takes its time, and does more at night."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("day", max_examples=40, deadline=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.register_profile("night", max_examples=1_000, deadline=None, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "day"))
