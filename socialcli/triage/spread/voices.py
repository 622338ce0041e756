"""Who says what: messages with their wording, judged by triage only where it matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from socialcli.model.assessment import Assessment
from socialcli.model.incident import Heard
from socialcli.model.message import Author, Message
from socialcli.text.tokens import tokenize
from socialcli.triage.assessor import Assessor
from socialcli.triage.spread.wording import Wording, stem_of, wording

_MOST_TEXTS = 4_096  # texts whose wording is kept
_LONG_ENOUGH = (
    5  # stems from which on two like texts are one text that is passed on, not two alike complaints
)
_COPY = 0.75  # share of stems that a copy has in common with what it was made from
_ASKING = frozenset({"question", "request"})
# What tells how somebody feels or speaks, and not what is wrong.
_MANNER = frozenset(
    f"complaint/{name}"
    for name in ("upset", "negative", "cursing", "shouting", "contrast", "why", "still", "again", "wait")
)


class Voice(Struct, frozen=True, gc=False):
    heard: Heard
    wording: Wording


class Judged(Struct, frozen=True):
    """``evidence``: stems of the words that tell what is wrong; None of a message that tells of no problem.
    ``matters``: rules that tell what kind of thing is wrong.
    """

    topic: str | None
    evidence: frozenset[str] | None
    matters: frozenset[str] = frozenset()


class Judge:
    """Reads texts by one policy, each once."""

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor
        self._wordings: dict[str, Wording] = {}
        self._judged: dict[tuple[str, str], Judged] = {}

    def voice(self, heard: Heard) -> Voice:
        known = self._wordings.get(heard.text)
        if known is None:
            if len(self._wordings) >= _MOST_TEXTS:
                self._wordings.clear()
            known = self._wordings[heard.text] = wording(heard.text)
        return Voice(heard, known)

    def judge(self, heard: Heard) -> Judged:
        key = (heard.id, heard.text)
        known = self._judged.get(key)
        if known is None:
            if len(self._judged) >= _MOST_TEXTS:
                self._judged.clear()
            known = self._judged[key] = _judged(self._assessor.assess(_message(heard)))
        return known

    def has_problem(self, heard: Heard) -> bool:
        return self.judge(heard).evidence is not None


def _message(heard: Heard) -> Message:
    at = datetime.fromtimestamp(heard.at, UTC)
    return Message(heard.id, "", "", Author(None, heard.author), heard.text, at)


def _judged(found: Assessment) -> Judged:
    told = [reason for reason in found.reasons if reason.rule.startswith(("complaint/", "harm/"))]
    facts = [reason for reason in told if reason.rule not in _MANNER]
    if found.kind != "complaint" and not (found.kind in _ASKING and facts):
        return Judged(found.topic, None)
    words = (token.word for reason in facts for token in tokenize(reason.words))
    evidence = frozenset(stem for word in words if (stem := stem_of(word)))
    return Judged(found.topic, evidence, frozenset(reason.rule for reason in facts))


def authors(voices: Iterable[Voice]) -> int:
    """Distinct ones."""
    return len({voice.heard.author for voice in voices})


def independent(voices: Iterable[Voice]) -> list[Voice]:
    """The first voice of each author; of copies of one text, and of what shares a link, only the first of all.
    Short texts are no copies: five people who write "app is down" are five.
    """
    kept: list[Voice] = []
    seen: set[str] = set()
    long: list[frozenset[str]] = []
    for voice in voices:
        marks = {"@" + voice.heard.author, voice.wording.link} - {""}
        stems = voice.wording.stems
        if seen & marks or (len(stems) >= _LONG_ENOUGH and any(_copies(stems, other) for other in long)):
            seen.add("@" + voice.heard.author)
            continue
        seen |= marks
        kept.append(voice)
        if len(stems) >= _LONG_ENOUGH:
            long.append(stems)
    return kept


def _copies(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _COPY * len(one | other)


class Usual:
    """How often what was said, in how many messages."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self.messages = len(voices)
        self.counts = Counter(feature for voice in voices for feature in voice.wording.features)

    def without(self, voices: Sequence[Voice]) -> Usual:
        """The rest of it."""
        rest = Usual(())
        rest.messages = self.messages - len(voices)
        rest.counts = self.counts.copy()
        rest.counts.subtract(feature for voice in voices for feature in voice.wording.features)
        return rest
