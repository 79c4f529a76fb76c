"""Open a vault with what the person typed."""

from __future__ import annotations

from holdfire.errors import NothingOpenedError, UserError
from holdfire.journeys.places import path_typed
from holdfire.language import mark
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault.vault import Vault


def open_vault(untrusted_path: str, passphrase: str, *, profile: Profile | None = None) -> Vault:
    """Return the compartment that `passphrase` opens.

    Raises:
        NothingOpenedError: No compartment answers to this passphrase.
        InUseError: Another program has the vault open.
        TamperError: Part of the file was changed.
        UserError: There is no file there.
    """
    path = path_typed(untrusted_path)
    if not untrusted_path or not path.is_file():
        raise UserError(
            mark("There is no file at this place."), mark("Is the stick plugged in? Check the path.")
        )
    if not passphrase:
        raise NothingOpenedError(mark("The passphrase is empty."), mark("Type it, then try again."))
    return Vault.open(path, passphrase, profile=profile or STANDARD)
