"""Keep a file with an order as a browser does, and wait for long work."""

from __future__ import annotations

import time

from simulators.served import Answer, Served


def upload(served: Served, content: bytes, title: str, name: str = "scan.pdf", number: str = "1") -> Answer:
    """Keep a file with an order, and follow where that leads."""
    return served.upload("/orders/attach", name, content, number=number, title=title)


def finished(served: Served) -> None:
    """Wait for long work."""
    for _ in range(600):
        work = served.program.session.work
        if work is None or work.ended:
            assert work is None or work.fault is None, work.fault
            return
        time.sleep(0.05)
    raise AssertionError("the work did not end")
