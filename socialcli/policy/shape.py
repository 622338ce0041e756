"""Is a parsed policies.toml of the right shape? Every mistake is found, not only the first.

msgspec builds the records and stops at the first mistake; this walk goes over the same types and tells
all of them in words that fit the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from socialcli.model.times import parse_duration
from socialcli.policy import sense
from socialcli.policy.keylines import Path
from socialcli.policy.schema import Policy, Seconds

_SECRET_KEY = re.compile(
    r"token|secret|passw|passphrase|api_?key|consumer_?key|private_?key|bearer", re.IGNORECASE
)
_FREE_KEYS: tuple[Path, ...] = (("checks",), ("block", "guidelines"))  # their keys are ids of any wording
_LIKENESS = 0.7  # of difflib: what is less alike is no slip of the finger
_SHOWN = 60  # characters of a wrong value in a message


class Mistake(NamedTuple):
    path: Path
    message: str


def shape_mistakes(raw: dict[str, Any], *, whole: bool) -> list[Mistake]:
    """All mistakes of ``raw`` that show in one key alone. ``whole``: a key that is absent is one too."""
    secrets = list(_secrets(raw, ()))
    told = {mistake.path for mistake in secrets}
    return secrets + [m for m in _table(raw, Policy, (), whole=whole) if m.path not in told]


def shown(value: object) -> str:
    """A value as it may stand in a message: one line, short, nothing that moves a terminal."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = re.sub(r"//[^/@\s]*@", "//...@", text)  # an address may hold a password
    text = "".join(char if char.isprintable() else "?" for char in text)
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return f'"{text}"' if isinstance(value, str) else text


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """`` (did you mean "urgent"?)`` or nothing."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=_LIKENESS)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _secrets(table: dict[str, Any], path: Path) -> Iterator[Mistake]:
    if path in _FREE_KEYS:
        return
    for key, value in table.items():
        if isinstance(value, str) and _SECRET_KEY.search(key):
            yield Mistake(
                (*path, key), "secrets never stand in policies.toml (use the environment or a keyring)"
            )
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict):
                yield from _secrets(entry, (*path, key, index))
        if isinstance(value, dict):
            yield from _secrets(value, (*path, key))


def _table(
    raw: dict[str, Any], struct: type[msgspec.Struct], path: Path, *, whole: bool
) -> Iterator[Mistake]:
    fields = _fields(struct)
    for key, value in raw.items():
        if key in fields:
            found = list(_value(value, fields[key].type, (*path, key), whole=whole))
            yield from found or _senseless(value, struct, key, (*path, key))
        else:
            yield Mistake((*path, key), _unknown(key, tuple(fields)))
    if whole:
        for key, field in fields.items():
            if field.required and key not in raw:
                yield Mistake((*path, key), "is missing")


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    if struct is Policy:
        del fields["digest"], fields["dictionary"], fields["vouched"]  # worked out, not written
    return fields


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = did_you_mean(key, known)
    if not near:
        homes = [name for name, field in _fields(Policy).items() if key in _keys_of(field.type)]
        near = f" (did you mean {homes[0]}.{key}?)" if homes else ""
    return f"no such key{near}"


def _keys_of(kind: Any) -> tuple[str, ...]:
    return tuple(_fields(kind)) if _is_struct(kind) else ()


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _value(value: Any, kind: Any, path: Path, *, whole: bool) -> Iterator[Mistake]:
    """The mistakes of one value against the type of its field; None cannot be written, so it is not asked for."""
    if type(None) in get_args(kind):
        (kind,) = (one for one in get_args(kind) if one is not type(None))
    origin = get_origin(kind)
    if _is_struct(kind) or origin is dict:
        yield from _table_value(value, kind, path, whole=whole)
    elif origin is tuple:
        if isinstance(value, list):
            for index, entry in enumerate(value):
                # An entry of a [[table]] replaces, so it has to be whole.
                yield from _value(entry, get_args(kind)[0], (*path, index), whole=True)
        else:
            yield Mistake(path, f"{shown(value)} is not a list (write [...])")
    elif message := _leaf(value, kind):
        yield Mistake(path, message)


def _table_value(value: Any, kind: Any, path: Path, *, whole: bool) -> Iterator[Mistake]:
    if not isinstance(value, dict):
        yield Mistake(path, f"{shown(value)} is not a table")
    elif _is_struct(kind):
        yield from _table(value, kind, path, whole=whole)
    else:
        for key, entry in value.items():
            yield from _value(entry, get_args(kind)[1], (*path, key), whole=whole)


def _leaf(value: Any, kind: Any) -> str:
    """What is wrong with a plain value, or nothing."""
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        if value in choices:
            return ""
        return f"{shown(value)} is none of {', '.join(choices)}{did_you_mean(str(value), choices)}"
    if kind is Seconds:
        return _duration(value)
    wanted, types = _LEAVES.get(kind, _TEXT)
    right = isinstance(value, types) and (kind is bool or not isinstance(value, bool))
    if not right:
        return f"{shown(value)} is not {wanted}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{shown(value)} is not a finite number"
    return ""


def _duration(value: Any) -> str:
    if not isinstance(value, str):
        return f"{shown(value)} is not a duration (write 15m, 2h, 3d, in quotes)"
    try:
        parse_duration(value)
    except ValueError as error:
        return str(error)
    return ""


_TEXT = ("text in quotes", (str,))
_LEAVES: dict[Any, tuple[str, tuple[type, ...]]] = {
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
}


def _senseless(value: Any, struct: type[msgspec.Struct], key: str, path: Path) -> Iterator[Mistake]:
    """Of the right type, but of no meaning. Lists and free tables are asked entry by entry."""
    check = sense.CHECKS.get((struct, key))
    if check is None:
        return
    entries = [(path, value)]
    if isinstance(value, list):
        entries = [((*path, place), entry) for place, entry in enumerate(value)]
    elif isinstance(value, dict):
        entries = [((*path, name), entry) for name, entry in value.items()]
    for place, entry in entries:
        if message := check(entry):
            yield Mistake(place, f"{shown(entry)} {message}")
