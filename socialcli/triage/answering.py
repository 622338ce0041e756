"""respond, monitor or ignore. In doubt a message is answered; a complaint always is."""

from __future__ import annotations

from msgspec import Struct

from socialcli.model.assessment import Respond
from socialcli.text.tokens import MENTION, URL
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.weighing import Weighed

_SHORT = 14  # own words of a closing thanks, at most
_REPOST_WITHIN = 4  # first tokens among which "RT" marks a repost
_TOLD_TO_ALL = 3  # mentions from which a text speaks to a crowd


class Answer(Struct, frozen=True):
    respond: Respond
    why: Evidence


def answer(weighed: Weighed, reading: Reading, filler: frozenset[str], *, addressed: bool) -> Answer:
    """Without the thread. ``addressed``: it was sent to us, and not merely found by a search."""
    if weighed.kind in {"spam", "abuse"}:
        return Answer("ignore", Evidence(f"kind/{weighed.kind}"))
    if weighed.kind == "praise" and is_closing(reading, filler):
        return Answer("monitor", Evidence("thread/closing-thanks", reading.first("praise/thanks")))
    if weighed.kind == "mention":
        if weighed.complaint_points > 0 and not is_repost(reading):  # half a complaint
            half = next((found.span for found in weighed.signals.complaints), None)
            return Answer("respond", Evidence("doubt/answer", half))
        return _mention(reading, filler, addressed=addressed)
    return Answer("respond", Evidence(f"kind/{weighed.kind}"))


def is_closing(reading: Reading, filler: frozenset[str]) -> bool:
    """Thanks and filler alone: "ok, thank you so much!"."""
    words = reading.own_words
    if not words or len(words) > _SHORT or "?" in reading.words:
        return False
    return all(word in filler for word in words)


def is_repost(reading: Reading) -> bool:
    return "rt" in reading.words[:_REPOST_WITHIN]


def _mention(reading: Reading, filler: frozenset[str], *, addressed: bool) -> Answer:
    if not reading.own_words:
        return _nothing_said(reading)
    chatter = _chatter(reading, filler)
    if chatter is None and not addressed:
        chatter = Evidence("chatter/not-to-us")
    return Answer("respond", Evidence("doubt/answer")) if chatter is None else Answer("monitor", chatter)


def _chatter(reading: Reading, filler: frozenset[str]) -> Evidence | None:
    """What shows that a passing mention waits for no answer of ours."""
    words = reading.words
    if all(word in filler for word in reading.own_words):
        return Evidence("chatter/filler")
    if is_repost(reading):
        return _at("chatter/repost", words.index("rt"))
    for name in ("chatter/words", "chatter/watching"):
        if (talk := reading.first(name)) is not None:
            return Evidence(name, talk)
    if words.count(MENTION) >= _TOLD_TO_ALL:
        return _at("chatter/among-others", words.index(MENTION))
    if URL in words and not reading.has("address/us"):
        return _at("chatter/link", words.index(URL))
    return None


def _at(rule: str, place: int) -> Evidence:
    return Evidence(rule, (place, place + 1))


def _nothing_said(reading: Reading) -> Answer:
    """No word of its own: a bare name, a link, a picture, a row of signs."""
    if any(token.kind in {"url", "sign", "emoticon"} for token in reading.tokens):
        return Answer("monitor", Evidence("chatter/no-words"))
    return Answer("ignore" if not reading.tokens else "monitor", Evidence("text/nothing-said"))
