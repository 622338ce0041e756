"""Who says what: messages with their wording, judged by triage only where it matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from socialcli.model.assessment import Assessment, Reason
from socialcli.model.incident import Heard
from socialcli.model.message import Author, Message
from socialcli.policy.schema import Policy
from socialcli.text.tokens import tokenize
from socialcli.triage.assessor import Assessor
from socialcli.triage.spread.copies import classes
from socialcli.triage.spread.wording import READ, Wording, features_of, laughs, stem_of, wording

_MOST_TEXTS = 4_096  # texts whose wording is kept
_ASKING = frozenset({"question", "request"})
# What tells how somebody feels or speaks, and not what is wrong.
_MANNER = frozenset(
    f"complaint/{name}"
    for name in ("upset", "negative", "cursing", "shouting", "contrast", "why", "still", "again", "wait")
)
# One matter in other words. What only tells that something was denied or lacking goes with any of them.
_FAMILIES = {
    "complaint/not-working": "not-working",
    "harm/many": "not-working",
    "harm/locked-out": "not-working",
    "complaint/denied": "",
    "complaint/lacking": "",
    "complaint/trouble": "",
    "harm/at-risk": "",
}
_SOFT = frozenset({"complaint/not-working", "harm/many"})  # said in jest as well: "outage", "down"
_GRAVE = frozenset({"harm/safety", "harm/medical"})


class Voice(Struct, frozen=True, gc=False):
    """``text``: the same number for copies of one text; -1 where that was not looked at."""

    heard: Heard
    wording: Wording
    text: int = -1


class Judged(Struct, frozen=True):
    """``evidence``: stems of the words that tell what is wrong; None of a message that tells of no problem.
    ``matters``: rules that tell what kind of thing is wrong; ``families``: what they have in common.
    """

    topic: str | None
    evidence: frozenset[str] | None
    matters: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    language: str | None = None

    @property
    def grave(self) -> bool:
        """Whether somebody may come to harm."""
        return bool(self.matters & _GRAVE)


class Judge:
    """Reads texts by one policy, each once. What tells nothing of a problem is left out of their wording: the
    brand's own names, private data.
    """

    def __init__(self, policy: Policy) -> None:
        self._assessor = Assessor(policy)
        self._own = frozenset(features_of([*policy.brand.name.split(), *policy.our_handles]))
        self._policy = policy
        self._wordings: dict[str, Wording] = {}
        self._judged: dict[tuple[str, str], Judged] = {}

    def voice(self, heard: Heard) -> Voice:
        known = self._wordings.get(heard.text)
        if known is None:
            if len(self._wordings) >= _MOST_TEXTS:
                self._wordings.clear()
            known = self._wordings[heard.text] = wording(self._public(heard.text), self._own)
        return Voice(heard, known)

    def _public(self, text: str) -> str:
        read, brand = text[:READ], self._policy.brand
        if "@" not in read and not any(map(str.isdigit, read)):
            return read
        from socialcli.text.private import find_private

        references = self._policy.triage.references
        for span in find_private(read, region=brand.region, references=references, contacts=brand.contacts):
            read = read[: span.start] + " " * (span.end - span.start) + read[span.end :]
        return read

    def judge(self, heard: Heard) -> Judged:
        key = (heard.id, heard.text)
        known = self._judged.get(key)
        if known is None:
            if len(self._judged) >= _MOST_TEXTS:
                self._judged.clear()
            known = self._judged[key] = _judged(self._assessor.assess(_message(heard)), heard.text)
        return known

    def has_problem(self, heard: Heard) -> bool:
        return self.judge(heard).evidence is not None


def _message(heard: Heard) -> Message:
    at = datetime.fromtimestamp(heard.at, UTC)
    return Message(heard.id, "", "", Author(None, heard.author), heard.text, at)


def _judged(found: Assessment, text: str) -> Judged:
    told = [reason for reason in found.reasons if reason.rule.startswith(("complaint/", "harm/"))]
    facts = [reason for reason in told if reason.rule not in _MANNER]
    if found.kind != "complaint" and not (found.kind in _ASKING and facts):
        return Judged(found.topic, None)
    if laughs(text) and not any(_is_hard(reason) for reason in facts):
        return Judged(found.topic, None)
    words = (token.word for reason in facts for token in tokenize(reason.words))
    evidence = frozenset(stem for word in words if (stem := stem_of(word)))
    matters = frozenset(reason.rule for reason in facts)
    families = frozenset(_FAMILIES.get(rule, rule) for rule in matters) - {""}
    return Judged(found.topic, evidence, matters, families, found.language)


def _is_hard(reason: Reason) -> bool:
    """Whether it stays a fact with laughter beside it: "is down" does, a lone "outage" does not."""
    return reason.rule not in _SOFT or len(reason.words.split()) > 1


def told_apart(voices: Sequence[Voice]) -> list[Voice]:
    """The same, with copies of one text marked as such; ``voices`` oldest first."""
    numbers = classes([voice.wording for voice in voices])
    return [Voice(voice.heard, voice.wording, number) for voice, number in zip(voices, numbers, strict=True)]


def authors(voices: Iterable[Voice]) -> int:
    """Distinct ones."""
    return len({voice.heard.author for voice in voices})


def independent(voices: Iterable[Voice]) -> list[Voice]:
    """The first voice of each author; of copies of one text, and of what shares a link, only the first of all.
    Short texts are no copies: five people who write "app is down" are five.
    """
    kept: list[Voice] = []
    people: set[str] = set()
    passed_on: set[str | int] = set()
    for voice in voices:
        marks: set[str | int] = {voice.wording.link, voice.text}
        marks -= {"", -1}
        if voice.heard.author not in people and not passed_on & marks:
            passed_on |= marks
            kept.append(voice)
        people.add(voice.heard.author)
    return kept


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
