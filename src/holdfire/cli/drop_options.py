"""What the commands of `holdfire drop` share: kinds, forms, texts, the proxy, and what is said before something goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from holdfire.cli.options import one_passphrase
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.conversation.kinds import Kind
    from holdfire.reach.way import Proxy

STRAIGHT: Final = "none"
MOST_CARD: Final = 16_384
_MOST_TEXT: Final = 8_192
KINDS: Final = (
    "question",
    "force",
    "provocateurs",
    "evidence",
    "order",
    "introduction",
    "advice",
    "stage",
    "protection",
    "conduct",
    "check-in",
)
WHAT_THEY_LEARN: Final = mark(
    "The relay learns which desk, and when; it cannot read you. Whoever carries the connection sees when, and how much. "
    "If few people write, the time alone can give you away."
)
proxy_option = click.option("--proxy", "proxy_text", metavar="HOST:PORT",
                            help="Go through this SOCKS5 proxy, such as Tor's 127.0.0.1:9050; “none” goes straight. Without it, as last time.")  # fmt: skip
yes_option = click.option("--yes", is_flag=True, help="Do not ask before sending.")
unconfirmed_option = click.option(
    "--unconfirmed",
    is_flag=True,
    help="Although nobody compared the desk's words: a false desk may read you.",
)
kind_option = click.option(
    "--kind", type=click.Choice(KINDS), default="question", show_default=True, help="What it is about."
)
text_option = click.option(
    "--text", "text_file", type=click.File("rb"), metavar="FILE", help="The text, from a file or “-”."
)
answer_option = click.option(
    "--answer", "answers", multiple=True, metavar="NAME=TEXT", help="Answer a question of the kind's form."
)


def kind_of(name: str) -> Kind:
    """Return the kind that is called so."""
    from holdfire.conversation.kinds import Kind  # noqa: PLC0415 - its package loads the crypto library

    return Kind(KINDS.index(name))


def form_of(answers: Sequence[str]) -> dict[str, str]:
    """Return answers by name; wrong use for one without a name."""
    if any("=" not in one for one in answers):
        raise click.UsageError("--answer takes NAME=TEXT.")
    return dict(one.split("=", 1) for one in answers)


def text_of(file: Any) -> str:
    """Return what a file says; UserError when it is no text or far too long."""
    if file is None:
        return ""
    content: bytes = file.read(_MOST_TEXT + 1)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UserError(mark("The text is not readable."), mark("Write it as UTF-8.")) from None
    if len(content) > _MOST_TEXT:
        raise UserError(
            mark("This is too long for one message."), mark("Shorten it, or attach it as a file.")
        )
    return text


def warn(origins: Sequence[str], proxy: Proxy | None, *, yes: bool) -> None:
    """Say where it goes and what is learnt there, and ask."""
    for origin in origins:
        click.echo(f"To {origin}", err=True)
    if proxy is None:
        click.echo("Straight from this computer: the relay and your provider see its address.", err=True)
    else:
        click.echo(f"Through the proxy {proxy}. That you use it can be seen.", err=True)
    click.echo(WHAT_THEY_LEARN, err=True)
    if not yes:
        click.confirm("Go on?", abort=True, err=True)


@contextmanager
def opened(given: dict[str, Any]) -> Iterator[Vault]:
    """Open the vault that a command names."""
    with Vault.open(given["vault_path"], one_passphrase(given["passphrase_files"])) as vault:
        yield vault


def proxy_of(vault: Vault, given: dict[str, Any]) -> Proxy | None:
    """Return the proxy that was named, or the last one."""
    from holdfire.journeys.kept_stamps import last_proxy  # noqa: PLC0415
    from holdfire.reach.way import read_proxy  # noqa: PLC0415

    text = given["proxy_text"]
    return last_proxy(vault) if text is None else None if text == STRAIGHT else read_proxy(text)
