"""respond, monitor or ignore. In doubt a message is answered; a complaint always is."""

from __future__ import annotations

from msgspec import Struct

from socialcli.model.assessment import Respond
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.weighing import Weighed

_SHORT = 14  # own words of a closing thanks, at most
_CLOSING_SHARE = 0.99  # of the words that must be thanks and filler
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
        return _mention(reading, filler, addressed=addressed)
    return Answer("respond", Evidence(f"kind/{weighed.kind}"))


def is_closing(reading: Reading, filler: frozenset[str]) -> bool:
    """Thanks and filler alone: "ok, thank you so much!"."""
    words = reading.own_words
    if not words or len(words) > _SHORT or "?" in reading.words:
        return False
    return all(word in filler for word in words)


def _mention(reading: Reading, filler: frozenset[str], *, addressed: bool) -> Answer:
    if not reading.own_words:
        return _nothing_said(reading)
    if all(word in filler for word in reading.own_words):
        return Answer("monitor", Evidence("chatter/filler"))
    if reading.words[0] == "rt" or "rt" in reading.words[1:4]:
        return Answer("monitor", Evidence("chatter/repost", (0, 1)))
    laugh = reading.first("chatter/words")
    if laugh is not None:
        return Answer("monitor", Evidence("chatter/words", laugh))
    if reading.words.count("@") >= _TOLD_TO_ALL:
        return Answer(
            "monitor",
            Evidence("chatter/among-others", (reading.words.index("@"), reading.words.index("@") + 1)),
        )
    if not addressed:
        return Answer("monitor", Evidence("chatter/not-to-us"))
    link = next((place for place, word in enumerate(reading.words) if word == "://"), None)
    if link is not None and not reading.has("address/us"):
        return Answer("monitor", Evidence("chatter/link", (link, link + 1)))
    return Answer("respond", Evidence("doubt/answer"))


def _nothing_said(reading: Reading) -> Answer:
    """No word of its own: a bare name, a link, a picture, a row of signs."""
    if any(token.kind in {"url", "sign", "emoticon"} for token in reading.tokens):
        return Answer("monitor", Evidence("chatter/no-words"))
    return Answer("ignore" if not reading.tokens else "monitor", Evidence("text/nothing-said"))
