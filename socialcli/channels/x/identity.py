"""Who we are on X: asked once, and kept beside what is momentary."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from socialcli import durable
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User, user_of
from socialcli.errors import CredentialsError, NotFoundError, RefusedError, StorageError
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account
from socialcli.text.clean import harmless

if TYPE_CHECKING:
    from socialcli.channels.x.client import XClient

_KEY = b"socialcli: who an account on X is"


class _Kept(msgspec.Struct):
    key: str
    id: str
    handle: str
    name: str | None = None


def ask(client: XClient, account: Account, tokens: Tokens, meter: Meter) -> User:
    """Raises CredentialsError where these are the tokens of somebody else, and what ``XClient.read`` does."""
    if tokens.acts_for_user:
        page = client.read("me", "get_me", user=True)
    else:
        page = _by_handle(client, account.handle)
    meter.count("x/user")
    user = user_of(page)
    if user is None:
        raise CredentialsError(
            f'account "{account.name}": X knows no @{account.handle}',
            hint="put its handle into policies.toml",
        )
    if user.username.casefold() != account.handle.casefold():
        raise CredentialsError(
            f'account "{account.name}" is @{account.handle}, but its tokens are those of @{harmless(user.username)}',
            hint=f"mend the handle in policies.toml, or: socialcli login {account.name}",
        )
    return user


def _by_handle(client: XClient, handle: str) -> dict[str, Any]:
    try:
        return client.read("me", "get_user", username=handle)
    except (RefusedError, NotFoundError):
        return {}


def known(client: XClient, account: Account, tokens: Tokens, meter: Meter, momentary: Path) -> User:
    """As ``ask``, but from what was kept, as long as address, handle and tokens are the same."""
    path = momentary / f"x-{account.name}.json"
    key = _key(account, tokens)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Kept)
        if found.key == key and found.handle.casefold() == account.handle.casefold():
            return User(found.id, found.handle, found.name)
    except (OSError, msgspec.DecodeError):
        pass  # it is asked for again
    user = ask(client, account, tokens, meter)
    try:
        momentary.mkdir(parents=True, exist_ok=True)
        durable.replace(
            path, [msgspec.json.encode(_Kept(key, user.id, user.username, user.name))], mode=0o600
        )
    except (OSError, StorageError):
        pass  # asking costs little
    return user


def _key(account: Account, tokens: Tokens) -> str:
    """Says whether anything changed, and nothing of the tokens: they cannot be found again from it."""
    parts = (account.base_url, account.handle.casefold(), *msgspec.structs.astuple(tokens))
    return hashlib.blake2b(msgspec.json.encode(parts), key=_KEY, digest_size=8).hexdigest()
