"""What stands in a package for who checks it: the numbered commands, the script, the guide for clerks and judges."""

from __future__ import annotations

import textwrap
from functools import cache
from importlib.resources import files
from typing import Final

from holdfire.language import ENGLISH, Language, mark
from holdfire.typesetting.pdf import set_pdf

_WIDTH: Final = 78

#: Each step: what it is for, the commands, what a right answer is, and what it shows.
STEPS: Final = (
    (
        mark("Whose package it is"),
        ("sha256sum KEY.pem",),
        mark(
            "Compare the 64 digits with the fingerprint that you were given by another way: by telephone, on paper, in person. Without that, the next steps show only that nothing was changed since somebody made this package."
        ),
    ),
    (
        mark("The list of files is signed"),
        (
            "openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in tagmanifest-sha256.txt -sigfile package.sig",
        ),
        mark("“Signature Verified Successfully”. It needs OpenSSL 3."),
    ),
    (
        mark("No file was changed"),
        ("sha256sum --strict -c tagmanifest-sha256.txt", "sha256sum --strict -c manifest-sha256.txt"),
        mark("Every line ends with “OK”."),
    ),
    (
        mark("No file was added"),
        ("find . -type f | sort",),
        mark(
            "Every file is named in one of the two lists, but tagmanifest-sha256.txt and package.sig themselves. Where you have it, the program bagit.py (option validate) says the same."
        ),
    ),
    (
        mark("The custody log of each item is signed (for item-2, write 2)"),
        (
            "openssl pkeyutl -verify -pubin -inkey custody/item-1.KEY.pem -rawin -in custody/item-1.head.json -sigfile custody/item-1.head.sig",
        ),
        mark(
            "“Signature Verified Successfully”. In custody/item-1.jsonl, the first line holds the same head; each further line an event of the log as it was hashed, and under “openings” what was shown of it. An opening belongs to its event when its SHA-256 (printf %s OPENING | sha256sum) stands in the event under its name. That the event stands in the log is proved by the hashes under “proof” (RFC 9162, section 2.1.3.2)."
        ),
    ),
    (
        mark("Time stamps, where there is a folder stamps"),
        (
            "openssl ts -verify -in stamps/item-1-1.stamp.tsr -data stamps/item-1-1.statement.json -CAfile ROOT.pem -untrusted stamps/item-1-1.roots.pem",
        ),
        mark(
            "“Verification: OK” shows that the log stood like this at the time that “openssl ts -reply -in stamps/item-1-1.stamp.tsr -text” says, if you trust that authority. ROOT.pem is its root certificate: get it from the authority itself. The statement holds, last, the SHA-256 of stamps/item-1-1.head.json, and custody/item-1.jsonl proves that the log goes on from that head. If the certificate has expired since, add “-attime” and that time in seconds since 1970. A file that ends in .ots: “ots verify” (OpenTimestamps)."
        ),
    ),
)
OPENING: Final = (
    mark(
        "This folder holds recordings or documents, with a record of what was done with each. You need no program of the sender to check it. Nothing here has to be run: each step below is one public command, typed in this folder. “sh verify.sh” does steps 2 to 5 at once; since whoever changed the package could have changed that file too, the commands below count."
    ),
    mark(
        "If it came sealed: “age -d -i key.txt -o package.tar package.age”, then “tar -xf package.tar”. If age says anything at all, stop: what it wrote until then is only a part."
    ),
)
CLOSING: Final = (
    mark(
        "verify.sh does not look at every event of a history, nor at what the records say; whoever signs anew could leave an item out. The program that made this package checks every event, and an earlier package or a stamp shows what was there before."
    ),
    mark(
        "What no step shows: who recorded it; that the clock was right; that what is seen or said is true; that nothing else was left out. Fields that say “unknown” were unknown, or the sender chose not to show them."
    ),
)

GUIDE_TITLE: Final = mark("How to check this package: one page for clerks and judges")
GUIDE: Final = (
    (
        mark("What you were given"),
        (
            mark(
                "Copies of recordings or documents, each with a custody log: who received, copied, covered or handed over what, and when. Whoever kept them may be in danger, so names can be missing. That is allowed for by the format; it is not a fault."
            ),
        ),
    ),
    (
        mark("What a fingerprint and a hash are"),
        (
            mark(
                "A SHA-256 hash is 64 digits computed from a file. Change one letter or one dot of a picture, and all of them change. Nobody knows a way to make two files with the same hash."
            ),
            mark(
                "A signature shows that the holder of a secret key signed these very bytes. The key of this package was made for it alone, so it does not say who that is. What ties it to a person is the fingerprint of the key, 64 digits too, told to you by another way than the package itself."
            ),
        ),
    ),
    (
        mark("Check it in five steps (VERIFY.txt has the commands)"),
        (
            mark(
                "1. Compare the fingerprint of KEY.pem. Shows: it is from whoever gave you the fingerprint."
            ),
            mark("2. Check the signature of the list of files. Shows: the list is as it was signed."),
            mark(
                "3. Check every file against the lists, and that there is no other. Shows: nothing was changed, lost or added."
            ),
            mark(
                "4. Check the signature of each custody log. Shows: its events are those that were signed; none was put in, taken out or moved since, as far as an earlier copy of that log, or a time stamp, goes back."
            ),
            mark(
                "5. Check the time stamps, where there are some. Shows: this state of the log was there at that time, as an outside authority says."
            ),
        ),
    ),
    (
        mark("What none of this shows"),
        (
            mark(
                "Who held the camera. Whether a clock was right. Whether a scene was staged, or words are true. Whether other recordings were left out. Whoever holds the key of a custody log could have written another past before the first copy of it was handed over or stamped."
            ),
            mark("So ask as you would of any exhibit: who can speak to it, and what else agrees with it?"),
        ),
    ),
    (
        mark("If a step fails"),
        (
            mark(
                "Do not mend anything. Keep the package as it came, note the step and what the command said, and ask for another copy. One wrong digit can come from a bad disk; the steps cannot tell damage from forgery."
            ),
        ),
    ),
    (
        mark("A working copy is not the original"),
        (
            mark(
                "A copy with covered parts has a log of its own, which names the steps and, by a salted hash, what it was made from. The original can be shown later and compared: its log holds the same hash."
            ),
        ),
    ),
)


@cache
def verify_script() -> bytes:
    """Return `verify.sh`."""
    return files("holdfire.evidence.package").joinpath("templates", "verify.sh").read_bytes()


def verify_text(language: Language = ENGLISH) -> str:
    """Return `VERIFY.txt`: numbered public commands, with what each shows."""
    parts = [_wrap(language.say(one)) for one in OPENING]
    for number, (title, commands, answer) in enumerate(STEPS, 1):
        parts.append(
            "\n".join(
                (
                    _wrap(f"{number}. {language.say(title)}"),
                    *(f"\n      {command}" for command in commands),
                    "",
                    textwrap.indent(_wrap(language.say(answer), _WIDTH - 3), "   "),
                )
            )
        )
    parts += [_wrap(language.say(one)) for one in CLOSING]
    return "\n\n".join(parts) + "\n"


def guide_text(language: Language = ENGLISH) -> str:
    """Return the guide for clerks and judges, in Markdown."""
    parts = [f"# {language.say(GUIDE_TITLE)}"]
    for title, lines in GUIDE:
        parts += [f"## {language.say(title)}", *(_wrap(language.say(one)) for one in lines)]
    return "\n\n".join(parts) + "\n"


def guide_pdf(language: Language = ENGLISH) -> bytes:
    """Return the guide as one printed page, PDF/UA-1 without date, author or the name of a program."""
    values = {
        "title": language.say(GUIDE_TITLE),
        "language": language.code[:2],
        "parts": [[language.say(title), [language.say(one) for one in lines]] for title, lines in GUIDE],
    }
    template = files("holdfire.evidence.package").joinpath("templates", "guide.typ").read_bytes()
    return set_pdf(template, "guide", values)


def _wrap(text: str, width: int = _WIDTH) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
