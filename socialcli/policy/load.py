"""policies.toml -> one frozen Policy, or all of its mistakes at once, each with line and key.

What the user writes is laid over what is shipped: tables merge by key, arrays of tables (accounts, agents,
topics) and all other lists replace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from socialcli.errors import InvalidError
from socialcli.model.times import parse_duration
from socialcli.policy.schema import Policy, Seconds

if TYPE_CHECKING:  # only needed once a file is to be judged
    from socialcli.policy.shape import Mistake

_SHIPPED_NAME = "shipped policies.toml"
_DIGEST_BYTES = 8
_HINT = "the shipped policies.toml explains every key; `socialcli init` writes a copy of it"
# How tomli begins where a key or a table stands twice, as with `roster = []` above a [[shift.roster]].
_TWICE = ("Cannot mutate", "Cannot overwrite", "Cannot declare")
_HINT_TWICE = "it is written twice: take the other one out, such as `roster = []` above a [[shift.roster]]"

Table = dict[str, Any]


def parse(
    shipped: bytes,
    own: bytes | None = None,
    *,
    name: str = "policies.toml",
    rules: frozenset[str] | None = None,
    word_lists: Callable[[], frozenset[str]] | None = None,
) -> Policy:
    """The policy in force: ``own`` laid over ``shipped``, which is trusted to be right. ``name`` is what the
    user's file is called in errors. To judge a file on its own, give ``b""`` as ``shipped``.

    ``rules`` are the ids of all checks and ``word_lists`` gives the names of all shipped word lists, asked only
    where the file changes one: where they are given, a rule in [checks] or reply.may_allow and a list in
    triage.words or not_words must be one of them.
    Raises InvalidError with every mistake of the file: not UTF-8, not TOML, secrets, unknown keys, wrong types
    and values, keys that contradict each other.
    """
    base = _read(shipped, _SHIPPED_NAME)
    if own is None or own == shipped:
        return _built(base, _SHIPPED_NAME)
    written = _read(own, name)
    merged = _merged(base, written)
    if differing := _differing(written, base):
        from socialcli.policy.mistakes import Known, all_mistakes

        known = Known(rules, word_lists, weights=_weights(base))
        if found := all_mistakes(differing, merged, known, whole=not base):
            raise _invalid(found, own.decode(), name)
    return _built(merged, name)


def _weights(base: Table) -> frozenset[str] | None:
    """The names of all weights: what is shipped holds each of them."""
    return frozenset(base.get("triage", {}).get("weights", ())) or None


def _invalid(mistakes: list[Mistake], source: str, name: str) -> InvalidError:
    from socialcli.policy.keylines import key_lines
    from socialcli.policy.mistakes import placed

    lines = placed(mistakes, key_lines(source), name)
    count = "1 mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    return InvalidError(f"{name} has {count}", lines, hint=_HINT)


def _read(source: bytes, name: str) -> Table:
    import tomli

    text = _decoded(source, name)
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        hint = _HINT_TWICE if error.msg.startswith(_TWICE) else _HINT
        raise InvalidError(f"{name} is not TOML", (f"{place}: {error.msg}",), hint=hint) from None
    except RecursionError:
        raise InvalidError(f"{name} is not a policy: it is nested too deeply") from None


def _decoded(source: bytes, name: str) -> str:
    """The text of a file that must be UTF-8 without a byte order mark."""
    if source.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise InvalidError(
            f"{name}:1: the file begins with a byte order mark",
            hint="save it as UTF-8 without a byte order mark",
        )
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise InvalidError(
            f"{name}:{line}: the file is not UTF-8 (byte 0x{source[error.start]:02x})",
            hint="save it as UTF-8",
        ) from None


def _merged(base: Table, over: Table) -> Table:
    merged = dict(base)
    for key, value in over.items():
        old = base.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _differing(written: Table, base: Table) -> Table:
    """What ``written`` says otherwise than ``base``: only that needs looking at, since what is shipped is right."""
    found: Table = {}
    for key, value in written.items():
        old = base.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            if inner := _differing(value, old):
                found[key] = inner
        elif type(value) is not type(old) or value != old:
            found[key] = value
    return found


def _built(merged: Table, name: str) -> Policy:
    try:
        policy = msgspec.convert(merged, Policy, dec_hook=_decoded_leaf)
    except msgspec.ValidationError as error:  # the shipped file is broken, or the walk missed a mistake
        raise InvalidError(f"{name} is invalid", (f"{name}: {error}",), hint=_HINT) from None
    if any(account.handle.startswith("@") for account in policy.accounts):
        bare = (replace(account, handle=account.handle.removeprefix("@")) for account in policy.accounts)
        policy = replace(policy, accounts=tuple(bare))
    return replace(policy, digest=_digest(policy))


def _decoded_leaf(kind: type, value: Any) -> Any:
    if kind is Seconds:
        return Seconds(parse_duration(value))
    raise NotImplementedError(kind)


def with_learned(policy: Policy, content: bytes) -> Policy:
    """The policy where the file of what was learned counts too: what it assessed is not what it assesses now."""
    from hashlib import blake2b

    both = policy.digest.encode() + b"\0" + content
    return replace(policy, digest=blake2b(both, digest_size=_DIGEST_BYTES).hexdigest())


def _digest(policy: Policy) -> str:
    """Of what decides assessments and deadlines, so that a saved filter, say, makes no ticket one that another
    policy assessed.
    """
    from hashlib import blake2b

    brand = policy.brand
    deciding = (
        (brand.languages, brand.time_zone, brand.region, brand.contacts),
        sorted(policy.our_handles),
        policy.fetch.searches,
        policy.hours,
        policy.deadlines,
        policy.topics,
        policy.triage,
        policy.tone,
    )
    encoded = msgspec.json.encode(deciding, enc_hook=int, order="deterministic")
    return blake2b(encoded, digest_size=_DIGEST_BYTES).hexdigest()
