"""What a post says: long posts whole, characters as they were typed, links as they lead, and whom it names."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import Any

from msgspec import Struct

from socialcli.text.clean import clean

_LINK = re.compile(r"https?://\S{1,256}")
_NAME = re.compile(r"(?<![\w@/])@(\w{1,15})(?!\w)", re.ASCII)
_LONGEST_LINK = 4096
_WITHOUT_WORDS = "[attachment]"  # a picture alone: somebody has to look at it


class Words(Struct, frozen=True):
    text: str
    names: tuple[str, ...]


def words_of(text: str | None, entities: Any, note: Any = None) -> Words:
    """``note``: the long form of a post, with entities of its own. A text without words is "[attachment]"."""
    long = note if isinstance(note, dict) and isinstance(note.get("text"), str) and note["text"] else None
    shown = text if long is None else long["text"]
    found = entities if long is None else long.get("entities", entities)
    plain = clean(html.unescape(shown or ""))
    if not plain.strip():
        plain = _WITHOUT_WORDS
    names = [*_names(entities), *(_names(found) if long is not None else ())]
    if not isinstance(entities, dict) and not names:
        names = names_in(plain)
    return Words(_with_links(plain, _table(found, "urls")), tuple(dict.fromkeys(names)))


def names_in(text: str) -> list[str]:
    """The handles that a text names, as they stand there."""
    return _NAME.findall(text)


def _table(entities: Any, name: str) -> list[dict[str, Any]]:
    rows = entities.get(name) if isinstance(entities, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _names(entities: Any) -> list[str]:
    found = [row.get("username") for row in _table(entities, "mentions")]
    return [clean(name) for name in found if isinstance(name, str) and name]


def _with_links(text: str, rows: list[dict[str, Any]]) -> str:
    """Each short link gives way once to where it leads, so that a page never grows beyond what it holds."""
    targets: dict[str, list[str]] = defaultdict(list)
    for row in reversed(rows):
        short, target = row.get("url"), row.get("expanded_url")
        if isinstance(short, str) and isinstance(target, str) and _leads(target):
            targets[short].append(clean(target))
    if not targets:
        return text

    def expanded(match: re.Match[str]) -> str:
        found = match.group()
        short = found if found in targets else _beginning(found, targets)
        waiting = targets.get(short)
        return waiting.pop() + found[len(short) :] if waiting else found

    return _LINK.sub(expanded, text)


def _beginning(found: str, targets: dict[str, list[str]]) -> str:
    """The longest short link that ``found`` begins with: punctuation may stand right behind it."""
    return next((found[:end] for end in range(len(found), 0, -1) if found[:end] in targets), "")


def _leads(target: str) -> bool:
    return target.startswith(("http://", "https://")) and len(target) <= _LONGEST_LINK
