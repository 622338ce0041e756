"""What a policy and the shipped lists make together, per language, compiled when the language is first met."""

from __future__ import annotations

from functools import cache
from importlib import resources

from msgspec import Struct

from socialcli.policy.schema import Policy
from socialcli.triage import wording
from socialcli.triage.language import Vote, Votes
from socialcli.triage.lexicon import LANGUAGES, Phrase, parse, phrases, shipped
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
    lexicon = shipped(language).with_changes(policy.triage.words, policy.triage.not_words)
    lists = dict(lexicon.lists) | topic_lists(policy)
    nots = frozenset(phrase[0] for phrase in lexicon.classes.get("neg", ()) if len(phrase) == 1)
    finder = PhraseFinder(lists, lexicon.classes, leaving_out=_PLAIN)
    return Words(finder, nots, lexicon.words("thread/filler"), wording.shipped(language))


def topic_lists(policy: Policy) -> dict[str, tuple[Phrase, ...]]:
    """The topics' words as lists; a plural counts too."""
    return {TOPIC + topic.name: _with_plurals(phrases(topic.words)) for topic in policy.topics}


def _with_plurals(found: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    plurals = (
        (*phrase[:-1], phrase[-1] + "s") for phrase in found if phrase[-1].isalpha() and phrase[-1][-1] != "s"
    )
    return tuple(dict.fromkeys((*found, *plurals)))


@cache
def vote() -> Vote:
    """Compiled from the very common words of each language when the first message says none."""
    return Vote(_votes())


def _votes() -> Votes:
    source = (
        resources.files("socialcli.data").joinpath("lexicon", "languages.txt").read_text(encoding="utf-8")
    )
    languages: dict[str, list[str]] = {}
    for language, entries in parse(source).lists.items():
        for phrase in entries:
            languages.setdefault(phrase[0], []).append(language)
    return {word: tuple(found) for word, found in languages.items()}


def word_lists() -> frozenset[str]:
    """Names of all lists that ``[triage.words]`` and ``[triage.not_words]`` may change."""
    return frozenset(name for language in LANGUAGES for name in shipped(language).lists)
