"""respond, monitor or ignore. In doubt a message is answered; a complaint always is."""

from __future__ import annotations

from msgspec import Struct

from socialcli.model.assessment import Respond
from socialcli.text.tokens import MENTION, NUMBER, STOPS, URL
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.weighing import Weighed

_SHORT = 14  # own words of a closing thanks, at most
_SETTLED = 10  # own words of a message that says no more than that all is well, at most
_REPOST_WITHIN = 4  # first tokens among which "RT" marks a repost
_TOLD_TO_ALL = 3  # mentions from which a text speaks to a crowd


class Answer(Struct, frozen=True, gc=False):
    respond: Respond
    why: Evidence


def answer(
    weighed: Weighed,
    reading: Reading,
    filler: frozenset[str],
    *,
    addressed: bool,
    direct: bool = False,
) -> Answer:
    """Without the thread. ``addressed``: it was sent to us, and not merely found by a search; ``direct``: and
    nobody else can read it.
    """
    if weighed.kind in {"spam", "abuse"}:
        return Answer("monitor" if weighed.may_wait else "ignore", Evidence(f"kind/{weighed.kind}"))
    over = _over(weighed, reading, filler, direct=direct)
    if over is not None:
        return Answer("monitor", over)
    if weighed.kind == "mention":
        if weighed.signals.harms:
            return Answer("respond", Evidence("doubt/answer", weighed.signals.harms[0].span))
        if weighed.complaint_points > 0 and not is_repost(reading) and weighed.signals.passing is None:
            half = next((found.span for found in weighed.signals.complaints), None)
            return Answer("respond", Evidence("doubt/answer", half))
        return _mention(reading, filler, weighed.signals.passing, addressed=addressed)
    return Answer("respond", Evidence(f"kind/{weighed.kind}"))


def _over(weighed: Weighed, reading: Reading, filler: frozenset[str], *, direct: bool) -> Evidence | None:
    """What shows that nothing waits for us: closing thanks, a matter that is settled, talk by its wording. What is
    sent to us alone is no talk.
    """
    if weighed.kind == "praise" and is_closing(reading, filler):
        return Evidence("thread/closing-thanks", reading.first("praise/thanks"))
    if weighed.kind in {"praise", "mention"} and weighed.signals.settled is not None and _is_settled(reading):
        return weighed.signals.settled
    return None if direct or weighed.signals.harms else weighed.chatter


def is_closing(reading: Reading, filler: frozenset[str]) -> bool:
    """Thanks and filler alone: "ok, thank you so much!"."""
    words = reading.own_words
    if not words or len(words) > _SHORT or "?" in reading.words:
        return False
    return sum(word not in filler for word in words) <= _names(reading, filler)


def _names(reading: Reading, filler: frozenset[str]) -> int:
    """1 where the thanks end with a name ("got it, thanks Mina!"), else 0."""
    kinds = reading.tokens.kinds
    last = next((place for place in range(len(kinds) - 1, -1, -1) if kinds[place] == "word"), 0)
    behind_stop = last > 0 and reading.words[last - 1] in STOPS  # "ok thanks. Insulin" is no name
    called = reading.words[last] not in filler and reading.raw(last).istitle() and not behind_stop
    return int(called and reading.has("praise/thanks"))


def _is_settled(reading: Reading) -> bool:
    """Such as "it just came, ta": little else is said than that the matter is over."""
    if len(reading.own_words) > _SETTLED or "?" in reading.words:
        return False
    thanks = reading.starts("praise/thanks")
    return all(span[0] in thanks for span in reading.found.get("praise/words", ()))


def is_repost(reading: Reading) -> bool:
    return "rt" in reading.words[:_REPOST_WITHIN]


def _mention(
    reading: Reading, filler: frozenset[str], passing: Evidence | None, *, addressed: bool
) -> Answer:
    if not reading.own_words:
        return _nothing_said(reading)
    chatter = _chatter(reading, filler) or passing or _remark(reading)
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


def _remark(reading: Reading) -> Evidence | None:
    """Said into the room: nobody is spoken to, and the speaker has no part in it, or is merry about it."""
    if reading.has("address/you") or NUMBER in reading.words or reading.words[0] == MENTION:
        return None
    merry = reading.first("positive") or reading.first("chatter/merry")
    if merry is None and reading.has("address/self"):
        return None
    return Evidence("chatter/remark", merry)


def _at(rule: str, place: int) -> Evidence:
    return Evidence(rule, (place, place + 1))


def _nothing_said(reading: Reading) -> Answer:
    """No word of its own: a bare name, a link, a picture, a row of signs."""
    if any(token.kind in {"url", "sign", "emoticon"} for token in reading.tokens):
        return Answer("monitor", Evidence("chatter/no-words"))
    return Answer("ignore" if not reading.tokens else "monitor", Evidence("text/nothing-said"))
