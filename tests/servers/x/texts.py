"""What becomes of a text that is posted: normal form, leading mentions, short links, escapes, entities, long posts.

Positions count code points of the text as it is delivered.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 280  # weighted characters of an ordinary post
LINK = 23  # the weight of any link
_CUT = 240  # code points of a long post that its short text shows
_LINK = re.compile(
    r"https?://\S+|(?<![\w@./-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:com|org|net|aero)\b(?:/\S*)?",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w@/])@(\w{1,15})(?!\w)", re.ASCII)
_HASHTAG = re.compile(r"(?<![\w&#])#(\w*[^\W\d]\w*)")
_LEADING = re.compile(r"(?:@\w{1,15}\s+)*", re.ASCII)
_CLOSING = ".,;:!?)]}'\"…"
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))  # weigh one; twitter-text v3
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True)
class Stored:
    """A text as the network keeps it. ``plain`` is it before links were shortened and characters escaped."""

    text: str
    entities: dict[str, Any]
    note: dict[str, Any] | None
    mentions: tuple[str, ...]  # ids of users
    plain: str


FindUser = Callable[[str], str | None]


def stored(sent: str, post_id: str, find: FindUser, leading: Sequence[str] = ()) -> Stored:
    """``leading``: the handles that a reply addresses by itself; ``find`` gives the id of a handle, if there is one."""
    plain = with_leading(unicodedata.normalize("NFC", sent), leading)
    text, links = _shortened(plain, post_id)
    entities, mentions = _entities(text, links, find)
    if weight(plain) <= LONGEST:
        return Stored(text, entities, None, mentions, plain)
    link = _short_link(post_id, "itself")
    short = text[:_CUT].rstrip() + "… "
    start = len(short)
    own = {
        "start": start,
        "end": start + len(link),
        "url": link,
        "expanded_url": f"https://x.com/i/web/status/{post_id}",
        "display_url": f"x.com/i/web/status/{post_id[:3]}…",
    }
    short_entities, _ = _entities(short, [each for each in links if each["end"] <= _CUT] + [own], find)
    return Stored(short + link, short_entities, {"text": text, "entities": entities}, mentions, plain)


def with_leading(text: str, handles: Sequence[str]) -> str:
    """The text with these mentions before it, unless they stand there already."""
    match = _LEADING.match(text)
    there = {each.casefold() for each in _MENTION.findall(match[0] if match else "")}
    missing = [handle for handle in handles if handle.casefold() not in there]
    return "".join(f"@{handle} " for handle in missing) + text


def weight(text: str) -> int:
    """Weighted length after the leading mentions. Kind to emoji sequences: it must not refuse what X takes."""
    text = unicodedata.normalize("NFC", text)
    match = _LEADING.match(text)
    body = text[match.end() if match else 0 :]
    weighed, before, flags = 0, "", 0
    for character in _LINK.sub(lambda link: "x" * LINK + link[0][len(_link(link[0])) :], body):
        flags = flags + 1 if "\U0001f1e6" <= character <= "\U0001f1ff" else 0
        joined = (
            before == "\u200d"
            or character in "\u200d\ufe0f\u20e3"
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        if not joined and not (flags and flags % 2 == 0):
            weighed += 1 if any(low <= ord(character) <= high for low, high in _LIGHT) else 2
        before = character
    return weighed


def _link(found: str) -> str:
    """What was found without the punctuation of the sentence around it."""
    return found.rstrip(_CLOSING)


def _short_link(post_id: str, url: str) -> str:
    return "https://t.co/" + hashlib.sha256(f"{post_id} {url}".encode()).hexdigest()[:10]


def _shortened(plain: str, post_id: str) -> tuple[str, list[dict[str, Any]]]:
    parts: list[str] = []
    links: list[dict[str, Any]] = []
    length = done = 0
    for match in _LINK.finditer(plain):
        url = _link(match[0])
        between = plain[done : match.start()].translate(_ESCAPES)
        short = _short_link(post_id, url)
        start = length + len(between)
        expanded = url if "://" in url else f"http://{url}"
        display = expanded.split("://", 1)[1]
        links.append(
            {
                "start": start,
                "end": start + len(short),
                "url": short,
                "expanded_url": expanded,
                "display_url": display if len(display) <= 27 else display[:26] + "…",
            }
        )
        parts += [between, short]
        length = start + len(short)
        done = match.start() + len(url)
    return "".join([*parts, plain[done:].translate(_ESCAPES)]), links


def _entities(
    text: str, links: list[dict[str, Any]], find: FindUser
) -> tuple[dict[str, Any], tuple[str, ...]]:
    mentions = []
    for match in _MENTION.finditer(text):
        user = find(match[1])
        if user is not None:
            mentions.append({"start": match.start(), "end": match.end(), "username": match[1], "id": user})
    hashtags = [
        {"start": each.start(), "end": each.end(), "tag": each[1]} for each in _HASHTAG.finditer(text)
    ]
    entities = {"mentions": mentions, "urls": links, "hashtags": hashtags}
    ids = tuple(dict.fromkeys(str(each["id"]) for each in mentions))
    return {name: found for name, found in entities.items() if found}, ids
