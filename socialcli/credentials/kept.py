"""What ``login`` keeps, in the keyring or in a file that only its owner may read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from socialcli import durable
from socialcli.credentials.given import KEYS, decoded, parse
from socialcli.errors import CredentialsError, UsageError
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account

Store = Literal["keyring", "file"]
_SERVICE = "socialcli"
_HOSTS = {"x": "api.x.com"}  # where no base_url is given


def host_of(account: Account) -> str:
    """The host, with its port if it has one, that the tokens are meant for."""
    if not account.base_url:
        return _HOSTS.get(account.network, "")
    return urlsplit(account.base_url).netloc.lower()


def in_keyring(account: Account, troubles: list[str]) -> Tokens | None:
    """What the keyring holds; why it cannot be read is added to ``troubles``, but for there being none."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        kept = keyring.get_password(_SERVICE, _entry(account))
    except Exception as error:  # noqa: BLE001 - back ends raise anything
        if type(error).__name__ != "NoKeyringError":
            troubles.append(f"the keyring cannot be read: {type(error).__name__}")
        return None
    return parse(kept, "the keyring") if kept else None


def in_file(account: Account) -> Tokens | None:
    """What the file holds. Raises CredentialsError where others may read it, or it is broken."""
    kept = _kept().get(_entry(account))
    return parse(json.dumps(kept), str(file_path())) if isinstance(kept, dict) else None


def kept_secret(entry: str, key: str) -> str:
    """A secret that is no account's: the keyring holds it bare, the file under ``key``; "" if neither does. Raises
    CredentialsError where others may read the file, or it is broken.
    """
    keyring = _keyring()
    found = None
    if keyring is not None:
        with suppress(Exception):  # back ends raise anything; the file may hold it
            found = keyring.get_password(_SERVICE, entry)
    if found:
        return str(found)
    kept = _kept().get(entry)
    value = kept.get(key) if isinstance(kept, dict) else None
    return value if isinstance(value, str) else ""


def keep(account: Account, tokens: Tokens, store: Store | None) -> str:
    """Keep the tokens in the keyring, else (``store`` None) in the file; says where. They are then nowhere
    else. Raises UsageError where a keyring was asked for and there is none, StorageError, CredentialsError.
    """
    given = {key: getattr(tokens, key) for key in KEYS if getattr(tokens, key)}
    return _keep(_entry(account), given, store)


def keep_secret(entry: str, key: str, value: str, store: Store | None) -> str:
    """The same for a secret that is no account's. Raises as ``keep``."""
    return _keep(entry, {key: value}, store, bare=value)


def forget_secret(entry: str, *, dry_run: bool = False) -> list[str]:
    """Remove it; says from where."""
    keyring = _keyring()
    there = False
    if keyring is not None:
        with suppress(Exception):  # no back end holds nothing
            there = keyring.get_password(_SERVICE, entry) is not None
    return _forget(entry, in_keyring=there, dry_run=dry_run)


def _keep(entry: str, given: Mapping[str, str], store: Store | None, *, bare: str = "") -> str:
    """``bare``: what stands in the keyring, in the place of all of it as JSON."""
    if store != "file":
        refusal = _keep_in_keyring(entry, bare or json.dumps(given))
        if not refusal:
            _change_file(entry, None)
            return "the keyring"
        if store == "keyring":
            raise UsageError(refusal, hint="--store file keeps them in a file that only you may read")
    _change_file(entry, given)
    _forget_in_keyring(entry)
    return str(file_path())


def forget(account: Account, *, dry_run: bool = False) -> list[str]:
    """Remove what is kept for the account; says from where."""
    return _forget(_entry(account), in_keyring=in_keyring(account, []) is not None, dry_run=dry_run)


def _forget(entry: str, *, in_keyring: bool, dry_run: bool) -> list[str]:
    places = []
    if in_keyring:
        places.append("the keyring")
        if not dry_run:
            _forget_in_keyring(entry)
    if entry in _kept():
        places.append(str(file_path()))
        if not dry_run:
            _change_file(entry, None)
    return places


def file_path() -> Path:
    from platformdirs import user_config_path

    return user_config_path("socialcli", appauthor=False) / "credentials.json"


def _entry(account: Account) -> str:
    return f"{account.name}@{host_of(account)}"


def _keyring() -> Any:
    """The library, an extra; None where it is not installed."""
    try:
        import keyring
    except ImportError:
        return None
    return keyring


def _keep_in_keyring(entry: str, text: str) -> str:
    """Why it could not be kept; empty if it was."""
    keyring = _keyring()
    if keyring is None:
        return 'the keyring needs an extra: pip install ".[keyring]" in its source'
    try:
        keyring.set_password(_SERVICE, entry, text)
    except Exception as error:  # noqa: BLE001 - back ends raise anything
        return f"the keyring cannot be used here: {type(error).__name__}"
    return ""


def _forget_in_keyring(entry: str) -> None:
    keyring = _keyring()
    if keyring is not None:
        with suppress(Exception):  # not there, or no back end
            keyring.delete_password(_SERVICE, entry)


def _kept() -> Mapping[str, Any]:
    """All entries of the file. Raises CredentialsError where others may read it, or it is broken."""
    path = file_path()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CredentialsError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    if mode & 0o077:
        raise CredentialsError(f"{path}: others may read it", hint=f"chmod 600 {path}")
    return decoded(content, str(path), hint="delete it, and run socialcli login again")


def _change_file(entry: str, given: Mapping[str, str] | None) -> None:
    """Put an entry in (None: out), durably; the file is made so that nobody else ever could read it."""
    path = file_path()
    if given is None and entry not in _kept():
        return
    with durable.lock(path.with_suffix(".lock"), str(path)):
        kept = {name: value for name, value in _kept().items() if name != entry}
        if given is not None:
            kept[entry] = dict(given)
        durable.replace(path, [json.dumps(kept, indent=1).encode() + b"\n"])
