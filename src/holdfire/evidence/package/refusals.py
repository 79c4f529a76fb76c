"""What can be wrong with a package, each thing by its own name; names of files are shown only where they are a package's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfire.errors import TamperError
from holdfire.evidence.package.layout import MOST_FILES
from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.errors import HoldfireError


class PackageError(TamperError):
    """Something in a package is not as it was when it was signed."""

    hint = mark("Do not rely on it. Keep it as it is, and ask who gave it to you for another copy.")


class ArchiveError(PackageError):
    """A tar file is not one that a package is packed into."""

    hint = mark("If somebody packed it anew, unpack it with tar and check the folder.")

    def __init__(self) -> None:
        super().__init__(mark("This archive is damaged, or is not packed as a package is."))


class CrowdedError(PackageError):
    """There are more files than a package has."""

    def __init__(self) -> None:
        super().__init__(
            mark("There are more than {most} files here, more than a package has."), most=MOST_FILES
        )


class StrangeFileError(PackageError):
    """Something stands there that no package has: another name, a link, a device."""

    def __init__(self, what: str) -> None:
        super().__init__(
            mark("Something stands in the package that does not belong there: {what}."), what=what
        )


class MissingFileError(PackageError):
    """A file is listed, or needed, and not there."""

    def __init__(self, name: str) -> None:
        super().__init__(mark("A file of the package is missing: {name}."), name=name)


class NoItemError(PackageError):
    """There is nothing in it that could be evidence."""

    def __init__(self) -> None:
        super().__init__(mark("There is no item in this package."))


class AddedFileError(PackageError):
    """A file is there that no list names."""

    def __init__(self, name: str) -> None:
        super().__init__(mark("A file was added that no list of the package names: {name}."), name=name)


class ChangedFileError(PackageError):
    """A file is not what its list says, or not what it must be."""

    def __init__(self, name: str) -> None:
        super().__init__(mark("A file of the package was changed: {name}."), name=name)


class PackageSignatureError(PackageError):
    """The list of the package's files is not signed by its key."""

    def __init__(self) -> None:
        super().__init__(mark("The signature of the package is wrong."))


class OtherFingerprintError(PackageError):
    """The package was signed by another key than the one that was announced."""

    hint = mark(
        "Somebody may have made this package in another's place. Ask for the fingerprint again, by another way."
    )

    def __init__(self) -> None:
        super().__init__(mark("The package's key is not the one whose fingerprint you were given."))


class OtherHashError(PackageError):
    """The custody log or the record speaks of another file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            mark("The custody log or the record does not speak of this file, but of another one: {name}."),
            name=name,
        )


class NotHereError(PackageError):
    """A head that the reader holds belongs to none of the items."""

    hint = mark("It may be of an item that is not in this package. Compare it with the right one.")

    def __init__(self) -> None:
        super().__init__(mark("The custody head you hold belongs to no item of this package."))


class CustodyFaultError(PackageError):
    """Something is wrong with the custody log of an item."""

    def __init__(self, name: str, fault: HoldfireError) -> None:
        self.fault = fault
        super().__init__(mark("{name}: {fault}"), name=name, fault=str(fault))


class NotWholeError(PackageError):
    """A package failed; `faults` says everything that was found, each a sentence."""

    def __init__(self, faults: tuple[HoldfireError, ...]) -> None:
        self.faults = faults
        super().__init__(
            mark("This package is not as it was made. Faults found: {count}."), count=len(faults)
        )
