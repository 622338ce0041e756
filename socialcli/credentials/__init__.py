"""Where the tokens of an account come from, and where ``login`` keeps them.

The first source that holds anything for the account counts, whole: the environment, the keyring, a command, a
file that only its owner may read. What is kept is bound to the account's name and to the host it is meant
for, and what is common to all accounts on X goes to X only: a policies.toml of somebody else's, with another
``base_url``, is given none of it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from socialcli.credentials.given import KEYS, OAUTH, checked, parse
from socialcli.credentials.kept import file_path, host_of, in_file, in_keyring
from socialcli.errors import CredentialsError
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account

_PATIENCE = 10  # seconds for the command
_TRUSTED = ("api.x.com", "localhost", "127.0.0.1", "::1")


class NoTokensError(CredentialsError):
    """No source holds anything for this account."""


class Found(Struct, frozen=True):
    """Tokens, and the name of the source they came from."""

    tokens: Tokens
    source: str


def find(account: Account) -> Found:
    """Raises NoTokensError, and CredentialsError for a source that holds too little or cannot be used."""
    troubles: list[str] = []
    sources: tuple[Callable[[], Found | None], ...] = (
        lambda: _from_environment(account),
        lambda: _found(in_keyring(account, troubles), "the keyring"),
        lambda: _from_command(account),
        lambda: _found(in_file(account), str(file_path())),
    )
    found = next((one for source in sources if (one := source()) is not None), None)
    if found is None:
        because = f" ({'; '.join(troubles)})" if troubles else ""
        message = f'account "{account.name}": no tokens for {host_of(account)}{because}'
        raise NoTokensError(message, hint=f"socialcli login {account.name}")
    missing = [key for key in OAUTH if not getattr(found.tokens, key)]
    if 0 < len(missing) < len(OAUTH):
        names = ", ".join(variable(account, key) for key in missing)
        message = f'account "{account.name}": {found.source} holds only a part: missing are {names}'
        raise CredentialsError(message, hint=f"all four belong together; or: socialcli login {account.name}")
    return found


def tokens_for(account: Account) -> Tokens:
    """The tokens of ``find``."""
    return find(account).tokens


def variable(account: Account, key: str) -> str:
    """The name in the environment: SOCIALCLI_SUPPORT_CONSUMER_KEY."""
    return f"SOCIALCLI_{re.sub(r'[^A-Z0-9]', '_', account.name.upper())}_{key.upper()}"


def _variables(account: Account, key: str) -> tuple[str, ...]:
    """The account's own variable; then that of all accounts on X, which only X itself is given, and this machine:
    a policies.toml of somebody else's may name any other host.
    """
    own, common = variable(account, key), f"SOCIALCLI_X_{key.upper()}"
    return (own, common) if urlsplit(f"//{host_of(account)}").hostname in _TRUSTED else (own,)


def _found(tokens: Tokens | None, source: str) -> Found | None:
    return None if tokens is None else Found(tokens, source)


def _from_environment(account: Account) -> Found | None:
    names = {key: _variables(account, key) for key in KEYS}
    given: dict[str, str] = {}
    for key, variables in names.items():
        name = next((name for name in variables if os.environ.get(name, "").strip()), None)
        if name is not None:
            given[key] = checked(os.environ[name], name)
    return Found(Tokens(**given), "the environment") if given else None


def _from_command(account: Account) -> Found | None:
    for name in _variables(account, "COMMAND"):
        if os.environ.get(name, "").strip():
            text = _output(os.environ[name], name)
            if not text.strip():
                raise CredentialsError(f"the command in {name} printed nothing")
            return Found(parse(text, f"the output of the command in {name}"), f"the command in {name}")
    return None


def _output(command: str, name: str) -> str:
    """What the command prints; it is shown to nobody, and neither is what it complains of."""
    import shlex

    try:
        words = shlex.split(command)
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except (ValueError, OSError) as error:
        raise CredentialsError(f"the command in {name} cannot be run: {type(error).__name__}") from None
    with process:
        try:
            out, _ = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            out = None
            process.kill()
            if process.stdout is not None:
                process.stdout.close()  # whom it started may hold the other end
    if out is None:
        raise CredentialsError(f"the command in {name} took more than {_PATIENCE} seconds")
    if process.returncode != 0:
        hint = "run it by hand to see what it says"
        raise CredentialsError(f"the command in {name} failed (exit {process.returncode})", hint=hint)
    return out.decode("utf-8", "replace")
