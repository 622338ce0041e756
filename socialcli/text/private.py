"""Private data in a text: where it is, of which kind, and the text with it hidden."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from socialcli.model.assessment import PrivateSpan
from socialcli.text.private_cues import addresses, cued, cues, referenced
from socialcli.text.private_numbers import (
    CARD_DIGITS,
    PHONE_DIGITS,
    cards,
    emails,
    ibans,
    phones,
    spelled_emails,
    spells_an_email,
)

_DIGIT = re.compile(r"\d")
# Ids in links look like cards and phone numbers; a handle is public. Each is tried once per word: linear.
_NO_DATA = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.-])[A-Za-z0-9-]++(?>(?:\.[A-Za-z0-9-]++)+)/\S*|(?<![\w.@])@\w+",
    re.IGNORECASE,
)
# The handles alone, for texts in which neither a slash nor "www." stands; the sign first, which is looked for fast.
_HANDLE = re.compile(r"@(?<![\w.@]@)\w+")
_AT_OR_DOT = re.compile(r"(?: | ?[(\[])(?:at|dot)(?: |[)\]] ?)", re.IGNORECASE)  # of an address in words
_TELLING = 6  # characters of a contact below which being part of something proves nothing
_DOT = "•"


def find_private(
    text: str, *, region: str, references: tuple[str, ...] = (), contacts: tuple[str, ...] = ()
) -> tuple[PrivateSpan, ...]:
    """What nobody should read in public, in order of place, not overlapping; offsets are code points.

    ``region``: ISO 3166-1 alpha-2, how phone numbers without a country code are read. ``references``: regular
    expressions of the brand's order or booking references. ``contacts``: the brand's own numbers and
    addresses, in any spelling; they are never private. Where kinds overlap the one that proves itself
    (e-mail, card, IBAN) goes before the one that is told by a cue, and a phone number comes after both.
    """
    if "@" not in text and _DIGIT.search(text) is None and not spells_an_email(text):
        return ()
    candidates = list(_candidates(text, region, references))
    if not candidates:
        return ()
    own = _normals(contacts)
    kept: list[PrivateSpan] = []
    taken = bytearray(len(text))
    for span in candidates:
        if any(taken[span.start : span.end]) or _is_own(text[span.start : span.end], own):
            continue
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def _candidates(text: str, region: str, references: tuple[str, ...]) -> Iterator[PrivateSpan]:
    """Every find, the kind that is to be believed first."""
    if "@" in text:
        yield from emails(text)
    yield from spelled_emails(text)
    if _DIGIT.search(text) is None:
        return
    text = _without_links_and_handles(text)
    digits = len(_DIGIT.findall(text))
    if not digits:
        return
    if digits >= CARD_DIGITS:
        yield from cards(text)
    yield from ibans(text)
    if told := cues(text):
        yield from cued(text, told, digits)
        yield from addresses(text, told)
    if digits >= PHONE_DIGITS:
        yield from phones(text, region)
    yield from referenced(text, references)


def _without_links_and_handles(text: str) -> str:
    """The text with blanks for what may hold digits and is public."""
    rare = "/" in text or "www." in text.lower()
    return (_NO_DATA if rare else _HANDLE).sub(_blanks, text)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


@functools.lru_cache(maxsize=8)
def _normals(contacts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_normal(contact) for contact in contacts)


def _normal(text: str) -> str:
    """Letters and digits only; of a phone number what follows its leading zeros and its sign."""
    text = _AT_OR_DOT.sub("", text)
    return "".join(character for character in text.casefold() if character.isalnum()).lstrip("0")


def _is_own(found: str, own: tuple[str, ...]) -> bool:
    """Whether one of our contacts was found: the same, or with and without its country code."""
    value = _normal(found)
    return any(
        value == contact
        or (len(contact) >= _TELLING and value.endswith(contact))
        or (len(value) >= _TELLING and contact.endswith(value))
        for contact in own
    )


_SHOWN = {"card": 4, "iban": 4, "account": 4, "phone": 3, "reference": 2}  # last characters left to see
_LEAST = 3  # times as many characters must be there, else nothing is left


def mask(text: str, spans: Iterable[PrivateSpan]) -> str:
    """``text`` with every span hidden: ``•••• 1234`` for a card, ``s•••@…`` for an e-mail address; of a
    secret nothing is left. ``spans`` as ``find_private`` gives them.
    """
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += text[end : span.start], _masked(span.kind, text[span.start : span.end])
        end = span.end
    return "".join((*pieces, text[end:]))


def _masked(kind: str, value: str) -> str:
    if kind == "email":
        return f"{value[:1]}{_DOT * 3}@…"
    bare = "".join(character for character in value if character.isalnum())
    shown = _SHOWN.get(kind, 0)
    if not shown or len(bare) < shown * _LEAST:
        return _DOT * 4
    return f"{_DOT * 4} {bare[-shown:]}"
