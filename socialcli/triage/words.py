"""What a policy and the shipped lists make together, per language, compiled when the language is first met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from socialcli.policy.schema import Policy, Topic
from socialcli.triage import wording
from socialcli.triage.lexicon import LANGUAGES, Phrase, phrases, shipped
from socialcli.triage.manner import TOPIC
from socialcli.triage.phrases import PhraseFinder
from socialcli.triage.wording import Wording

# Lists that are looked up as plain words, not searched for as phrases.
_PLAIN = frozenset({"thread/filler"})


class Words(Struct, frozen=True):
    """One language, ready for use."""

    finder: PhraseFinder
    nots: frozenset[str]
    filler: frozenset[str]
    wording: Wording | None


def words_for(language: str, policy: Policy) -> Words:
    changes = _entries(policy.triage.words), _entries(policy.triage.not_words)
    return _compiled(language, *changes, policy.topics)


_Entries = tuple[tuple[str, tuple[str, ...]], ...]


def _entries(changed: Mapping[str, tuple[str, ...]]) -> _Entries:
    return tuple(changed.items())


@lru_cache(maxsize=2 * len(LANGUAGES))  # two policies, as where one is tried beside the one in force
def _compiled(language: str, added: _Entries, removed: _Entries, topics: tuple[Topic, ...]) -> Words:
    lexicon = shipped(language).with_changes(dict(added), dict(removed))
    lists = dict(lexicon.lists) | topic_lists(topics)
    nots = frozenset(phrase[0] for phrase in lexicon.classes.get("neg", ()) if len(phrase) == 1)
    finder = PhraseFinder(lists, lexicon.classes, leaving_out=_PLAIN)
    return Words(finder, nots, lexicon.words("thread/filler"), wording.shipped(language))


def topic_lists(topics: Sequence[Topic]) -> dict[str, tuple[Phrase, ...]]:
    """The topics' words as lists; a plural counts too."""
    return {TOPIC + topic.name: _with_plurals(phrases(topic.words)) for topic in topics}


def _with_plurals(found: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    plurals = (
        (*phrase[:-1], phrase[-1] + "s") for phrase in found if phrase[-1].isalpha() and phrase[-1][-1] != "s"
    )
    return tuple(dict.fromkeys((*found, *plurals)))


def word_lists() -> frozenset[str]:
    """Names of all lists that ``[triage.words]`` and ``[triage.not_words]`` may change."""
    return frozenset(name for language in LANGUAGES for name in shipped(language).lists)
