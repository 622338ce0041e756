"""Tokens as a person or a program gives them: KEY=VALUE lines, or a JSON object."""

from __future__ import annotations

import json
import re
from typing import Any

from socialcli.errors import CredentialsError
from socialcli.model.tokens import Tokens

KEYS = Tokens.__struct_fields__
OAUTH = KEYS[:4]  # the keys of a user, which only work together
_ALSO_CALLED = {
    "api_key": "consumer_key",
    "api_secret": "consumer_secret",
    "api_key_secret": "consumer_secret",
}
_LONGEST = 4096  # characters of a token


def parse(text: str, place: str) -> Tokens:
    """KEY=VALUE lines, or a JSON object; the keys as in the environment, with or without what stands before
    CONSUMER_KEY. Raises CredentialsError, which shows nothing of the text.
    """
    rows = _json_rows(text, place) if text.lstrip().startswith("{") else _line_rows(text, place)
    given: dict[str, str] = {}
    for where, name, value in rows:
        key = _key(name)
        if key is None:
            known = ", ".join(key.upper() for key in KEYS)
            raise CredentialsError(f"{where}: not a key that is known", hint=f"known: {known}")
        given[key] = checked(value, f"{where}: {key.upper()}")
    return Tokens(**given)


def checked(value: str, place: str) -> str:
    """The token without the white space around it. Raises CredentialsError for what no token holds."""
    value = value.strip()
    if len(value) > _LONGEST or not re.fullmatch(r"[!-~]*", value):
        raise CredentialsError(f"{place}: holds characters that no token has", hint="copy it once more")
    return value


def _key(name: str) -> str | None:
    name = name.strip().lower()
    name = _ALSO_CALLED.get(name, name)
    return next((key for key in KEYS if name == key or _ends(name, key)), None)


def _ends(name: str, key: str) -> bool:
    return name.startswith("socialcli_") and name.endswith(f"_{key}")


def _line_rows(text: str, place: str) -> list[tuple[str, str, str]]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals:
            raise CredentialsError(f"{place}:{number}: not KEY=VALUE")
        value = value.strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        rows.append((f"{place}:{number}", name, value[1:-1] if quoted else value))
    return rows


def _json_rows(text: str, place: str) -> list[tuple[str, str, str]]:
    found = decoded(text, place)
    if not all(isinstance(value, str) for value in found.values()):
        raise CredentialsError(f"{place}: a value is no text")
    return [(place, name, value) for name, value in found.items()]


def decoded(text: str | bytes, place: str, *, hint: str = "") -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CredentialsError(f"{place}: not a JSON object", hint=hint)
    return found
