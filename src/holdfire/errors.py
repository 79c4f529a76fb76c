"""Every error Holdfire raises on purpose, in one tree by who must act.

Each carries a sentence and a hint, both written to be read by the person and safe to log:
no passphrase, no key, no content, no name of a person ever stands in one.
"""

from __future__ import annotations


class HoldfireError(Exception):
    """Something went wrong that a sentence and a hint can explain.

    Args:
        sentence: What happened, one sentence, with `{name}` places for `values`.
        hint: What to do next; may be empty when the class has one.
        values: What fills the places: numbers, file names, ids; never content.
    """

    hint = ""

    def __init__(self, sentence: str, hint: str = "", **values: object) -> None:
        self.sentence = sentence
        self.hint = hint or type(self).hint
        self.values = values
        super().__init__(sentence.format(**values) if values else sentence)


class UserError(HoldfireError):
    """The person can mend this: another word, another file, another choice."""


class PeerError(HoldfireError):
    """The other side of an exchange must mend this."""


class NetworkError(HoldfireError):
    """The way between the two sides failed; trying again may help."""


class StorageError(HoldfireError):
    """The disk or the file system must be mended before this works."""


class TamperError(HoldfireError):
    """Something was damaged or altered since it was sealed; nothing more is done with it."""


class NothingOpenedError(UserError):
    """No compartment answers to this passphrase. Never says whether another exists."""


class InUseError(UserError):
    """Another program has this vault open."""


class FullError(StorageError):
    """No room is left in the compartment or on the disk; what was saved before is kept."""


class ContentError(UserError):
    """A content file breaks a rule; says in which file and on which line.

    Args:
        file: Path of the file inside its pack.
        line: Line of the fault, from 1; 0 when the whole file is meant.
        rule: The rule it breaks, one sentence.
    """

    def __init__(self, file: str, line: int, rule: str) -> None:
        self.file = file
        self.line = line
        self.rule = rule
        super().__init__("{file}, line {line}: {rule}", "Mend the file, then check the pack again.",
                         file=file, line=line, rule=rule)  # fmt: skip
