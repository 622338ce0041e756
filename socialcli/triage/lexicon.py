"""The word lists that ship, one plain file a language, read when that language is first met.

A file holds ``[list]`` heads and phrases separated by commas; the notation stands at the top of ``en.txt``.
Phrases are folded as tokens are (lower case, no accents), so that both meet in a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import product

from msgspec import Struct

from socialcli.text.tokens import fold

LANGUAGES = ("en", "es", "de", "fr", "pt", "it")

Phrase = tuple[str, ...]

_ANYWHERE = "harm"  # the file that is read in every language
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")  # tokens know none inside a word


class Lexicon(Struct, frozen=True):
    """``lists`` maps a list's name to its phrases, ``classes`` a class's name to what it stands for."""

    lists: Mapping[str, tuple[Phrase, ...]]
    classes: Mapping[str, tuple[Phrase, ...]]

    def words(self, name: str) -> frozenset[str]:
        """The single words of a list."""
        return frozenset(phrase[0] for phrase in self.lists.get(name, ()) if len(phrase) == 1)

    def with_changes(
        self, added: Mapping[str, tuple[str, ...]], removed: Mapping[str, tuple[str, ...]]
    ) -> Lexicon:
        """The lists with a team's own words, and without the shipped ones that do not count for it."""
        lists = dict(self.lists)
        for name, entries in removed.items():
            gone = frozenset(phrases(entries))
            lists[name] = tuple(phrase for phrase in lists.get(name, ()) if phrase not in gone)
        for name, entries in added.items():
            lists[name] = (*lists.get(name, ()), *phrases(entries))
        return Lexicon(lists, self.classes)


@cache
def shipped(language: str) -> Lexicon:
    """The lists of one of ``LANGUAGES``, with what is danger in any of them. Raises FileNotFoundError for any other."""
    own, anywhere = _read(language), _read(_ANYWHERE)
    lists = {name: (*own.lists.get(name, ()), *found) for name, found in anywhere.lists.items()}
    return Lexicon({**own.lists, **lists}, {**own.classes, **anywhere.classes})


def _read(name: str) -> Lexicon:
    source = resources.files("socialcli.data").joinpath("lexicon", f"{name}.txt")
    return parse(source.read_text(encoding="utf-8"))


def parse(source: str) -> Lexicon:
    lists: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in source.splitlines():
        if line.startswith("["):
            entries = lists.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            entries += line.split(",")
    read = {name: phrases(tuple(found)) for name, found in lists.items()}
    return Lexicon(
        {name: found for name, found in read.items() if not name.startswith("class ")},
        {name.removeprefix("class "): found for name, found in read.items() if name.startswith("class ")},
    )


def phrases(entries: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Written entries as phrases; ``work/s/ing`` gives three."""
    found: dict[Phrase, None] = {}
    for written in entries:
        entry = _HYPHEN.sub(" ", written)
        if "/" in entry:
            choices = [_alternatives(word) for word in fold(entry).split()]
            found.update(dict.fromkeys(product(*choices)))
        else:
            found[tuple(fold(entry).split())] = None
    found.pop((), None)
    return tuple(found)


def _alternatives(word: str) -> tuple[str, ...]:
    stem, *endings = word.split("/")
    if not stem or not all(ending.isalpha() for ending in endings):
        return (word,)  # "://" or ":/"
    return (stem, *(stem + ending for ending in endings))
