"""Send a file as a browser does, and wait for long work."""

from __future__ import annotations

import time

from simulators.served import Answer, Served

BOUNDARY = "----a-boundary-of-a-test"


def upload(served: Served, content: bytes, title: str, name: str = "scan.pdf", number: str = "1") -> Answer:
    """Send a file as a browser does."""
    parts = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in (("number", number), ("title", title))
    ]
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\ncontent-type: x/y\r\n\r\n'
    body = b"".join(parts) + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return served.ask("POST", "/orders/attach", body, kind)


def finished(served: Served) -> None:
    """Wait for long work."""
    for _ in range(600):
        work = served.program.session.work
        if work is None or work.ended:
            assert work is None or work.fault is None, work.fault
            return
        time.sleep(0.05)
    raise AssertionError("the work did not end")
