"""What it costs to ask for help, and how long until the first page is there."""

from __future__ import annotations

import statistics
import sys
from functools import partial

from bench.measure import Measure, medians, small
from bench.running_app import HOLDFIRE, RunningApp, cpu_ms

#: The least a page from these libraries can be: one route, one template with escaping, the same server settings.
HELLO = """
import socket
import uvicorn
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

template = Environment(autoescape=True).from_string("<!doctype html><title>{{ word }}</title><p>{{ word }}")

async def hello(request):
    return HTMLResponse(template.render(word="hello"))

listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(64)
print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
config = uvicorn.Config(Starlette(routes=[Route("/", hello)]), http="h11", ws="none", loop="asyncio", log_config=None, access_log=False)
uvicorn.Server(config).run(sockets=[listening])
"""


def main() -> list[Measure]:
    """Measure `holdfire --help` and `holdfire open --no-window`, each beside the least that could be."""
    rounds = 3 if small() else 21
    found = medians(
        rounds,
        {
            "help": partial(cpu_ms, (*HOLDFIRE, "--help")),
            "click": partial(cpu_ms, (sys.executable, "-c", "import click")),
            "bare": partial(cpu_ms, (sys.executable, "-c", "pass")),
        },
    )
    memory: dict[str, list[float]] = {"open": [], "hello": []}

    def first_page(name: str, *command: str) -> float:
        with RunningApp(*command) as app:
            taken = app.first_page_ms()
            memory[name].append(app.resident_mib())
            return taken

    start = medians(
        2 if small() else 11,
        {
            "open": partial(first_page, "open", *HOLDFIRE, "open", "--no-window"),
            "hello": partial(first_page, "hello", sys.executable, "-c", HELLO),
        },
    )
    held = {name: statistics.median(figures) for name, figures in memory.items()}
    return [
        Measure("holdfire --help, CPU", found["help"], "ms", found["click"], "import click", bound=150),
        Measure("holdfire --help, CPU", found["help"], "ms", found["bare"], "bare Python"),
        Measure("open to first page", start["open"], "ms", start["hello"], "bare hello page", bound=1_000),
        Measure("memory at first page", held["open"], "MiB", held["hello"], "bare hello page", bound=120),
    ]
