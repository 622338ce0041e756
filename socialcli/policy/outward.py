"""Do the keys of hand-offs, mail and experts fit together?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialcli.policy.shape import Mistake, did_you_mean, shown

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NEEDED = {"smtp": "to", "command": "command", "file": "folder"}


def mistakes(merged: dict[str, Any]) -> Iterator[Mistake]:
    """All of them; values of the wrong type are told elsewhere."""
    mail = merged.get("mail")
    mail = mail if isinstance(mail, dict) else {}
    host = mail.get("host")
    if mail.get("security") == "none" and host and host not in _LOOPBACK:
        yield Mistake(("mail", "security"), '"none" is allowed only to this machine (write starttls or tls)')
    if mail.get("user") and not host:
        yield Mistake(("mail", "user"), "logs in nowhere: mail.host is not set")
    names = tuple(str(row.get("name")) for row in _rows(merged, "handoffs"))
    for index, row in enumerate(_rows(merged, "handoffs")):
        yield from _handoff(("handoffs", index), row, mail)
    for index, row in enumerate(_rows(merged, "experts")):
        yield from _expert(("experts", index), row, names, mail)


def _rows(merged: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = merged.get(name)
    return [row if isinstance(row, dict) else {} for row in found] if isinstance(found, list) else []


def _handoff(path: tuple[str, int], row: dict[str, Any], mail: dict[str, Any]) -> Iterator[Mistake]:
    way = row.get("way")
    needed = _NEEDED.get(str(way))
    if needed is None:
        return
    if not row.get(needed):
        yield Mistake((*path, needed), f'is needed where way = "{way}"')
    if way == "smtp":
        if row.get("format") not in (None, "eml"):
            yield Mistake((*path, "format"), "a mail is always eml")
        yield from _no_server((*path, "way"), mail)
    elif row.get("format") == "eml" and not mail.get("from"):
        yield Mistake((*path, "format"), "a mail needs an address to come from: mail.from is not set")


def _expert(
    path: tuple[str, int], row: dict[str, Any], names: tuple[str, ...], mail: dict[str, Any]
) -> Iterator[Mistake]:
    handoff, to, by_hand = row.get("handoff"), row.get("to"), row.get("way") == "hand"
    if bool(handoff) + bool(to) + by_hand != 1:
        yield Mistake((*path, "id"), 'needs one of: handoff = "NAME", to = "ADDRESS", way = "hand"')
    elif isinstance(handoff, str) and handoff and handoff not in names:
        yield Mistake(
            (*path, "handoff"), f"there is no [[handoffs]] {shown(handoff)}{did_you_mean(handoff, names)}"
        )
    elif to:
        yield from _no_server((*path, "to"), mail)


def _no_server(path: tuple[str | int, ...], mail: dict[str, Any]) -> Iterator[Mistake]:
    missing = [key for key in ("host", "from") if not mail.get(key)]
    if missing:
        yield Mistake(
            path, f"no mail can go out: {' and '.join(f'mail.{key}' for key in missing)} is not set"
        )
