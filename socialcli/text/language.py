"""The language of a text: what the network says, else a vote of very common words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from socialcli.data import text_of
from socialcli.text.remembered import Remembered
from socialcli.text.tokens import fold, tokenize

# What networks write when they do not know.
_UNSURE_TAGS = frozenset({"und", "zxx", "mul", "mis", "qme", "qam", "qct", "qht", "qst", "art"})
_CODE_LENGTH = 2
_AT_LEAST = 2  # votes a language needs
_AGAINST = 3  # ... where the network states another one, and twice as many as that one has
_ENOUGH = 400  # characters; longer texts are judged by their beginning

Votes = Mapping[str, Sequence[str]]  # word -> languages in which it is very common


@lru_cache(maxsize=256)
def stated(tag: str | None) -> str | None:
    """The network's tag as ISO 639-1, or None where it does not know."""
    if not tag or tag.lower() in _UNSURE_TAGS:
        return None
    code = tag.replace("_", "-").split("-")[0].lower()
    return code if len(code) == _CODE_LENGTH else None


# A word of the vote: no part of a handle, a hashtag or a number such as "2nd".
_WORD = re.compile(r"(?<![\w@#])[^\W\d_]{2,}(?:['’][^\W\d_]+)*")
# Where a token of a plain text stands glued to what is before it, and by itself would look like a word of the vote.
_GLUED = re.compile(r"[0-9_@#](?:(?<=[0-9_])[A-Za-z]|(?<=[A-Za-z0-9_][@#]))")
_BITS = 10  # of a count; more than _ENOUGH characters never give more votes


class Vote:
    """Guesses a language from very common words. What a word counts for is remembered: one number that holds the
    votes for every language side by side, so that the votes of a text are one sum.
    """

    def __init__(self, votes: Votes) -> None:
        self._votes = votes
        self._languages = sorted({language for found in votes.values() for language in found})
        self._of = Remembered(self._of_piece)
        self._ranked = lru_cache(maxsize=256)(self._rank)  # most texts give one of a few sums

    def _of_piece(self, piece: str) -> int:
        return sum(
            1 << _BITS * self._languages.index(language)
            for word in _WORD.findall(piece)
            for language in self._votes.get(fold(word), ())
        )

    def guessed(self, text: str, pieces: Sequence[str]) -> tuple[str | None, str | None]:
        """(the language if one is clearly ahead, the likeliest even if it is not). ``pieces``: the text's tokens
        as they were written.
        """
        return self._ranked(self._total(text, pieces))

    def against(self, stated: str, text: str, pieces: Sequence[str]) -> str | None:
        """The language that plainly outvotes the one that the network states."""
        total = self._total(text, pieces)
        likely = self._ranked(total)[1]
        if likely is None or likely == stated:
            return None
        counts = dict(zip(self._languages, self._counts(total), strict=True))
        return likely if counts[likely] >= max(_AGAINST, 2 * counts.get(stated, 0)) else None

    def _total(self, text: str, pieces: Sequence[str]) -> int:
        if len(text) > _ENOUGH or not text.isascii() or _GLUED.search(text) is not None:
            pieces = _WORD.findall(text[:_ENOUGH])
        return sum(map(self._of.__getitem__, pieces))

    def _counts(self, total: int) -> list[int]:
        return [total >> _BITS * place & (1 << _BITS) - 1 for place in range(len(self._languages))]

    def _rank(self, total: int) -> tuple[str | None, str | None]:
        counts = self._counts(total)
        most = max(counts, default=0)
        if not most or counts.count(most) > 1:
            return None, None
        best = self._languages[counts.index(most)]
        return (best if most >= _AT_LEAST else None), best


@cache
def vote() -> Vote:
    """Compiled from the shipped words of each language when the first text is read."""
    source = text_of("lexicon", "languages.txt")
    entries: dict[tuple[str, tuple[str, ...]], None] = {}
    language = ""
    for line in source.splitlines():
        if line.startswith("["):
            language = line.strip("[] ")
        elif line and not line.startswith("#"):
            for entry in line.split(","):
                entries[language, tuple(fold(entry.replace("-", " ")).split())] = None
    languages: dict[str, list[str]] = {}
    for spoken, words in entries:
        languages.setdefault(words[0], []).append(spoken)
    return Vote({word: tuple(found) for word, found in languages.items()})


def language_of(text: str) -> str | None:
    """ISO 639-1 of the language that is clearly ahead in ``text``; None where none is."""
    return vote().guessed(text, tokenize(text).raw)[0]
