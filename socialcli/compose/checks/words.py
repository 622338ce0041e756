"""A text as words: folded for comparison, each with its place in the text as given.

Case, accents and the kind of apostrophe do not count; English contractions are opened ("can't" is
"can not"), so that a phrase is written once. Links and handles are one opaque word each. One linear
pass; offsets are code points.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from socialcli.text.remembered import Remembered

STOP, ASK = ".", "?"  # the ends of a statement and of a question
LINK, HANDLE = "://", "@"
ENDS = frozenset((STOP, ASK))

_TAILS = {"ll": "will", "re": "are", "ve": "have", "m": "am", "d": "would"}
_IS_BEFORE = frozenset(("what", "that", "it", "there", "here", "where", "how", "who", "when", "he", "she"))
_NOT_BASES = {"ca": "can", "wo": "will", "sha": "shall"}
_WITHOUT_APOSTROPHE = {
    "cant": ("can", "not"),
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "wont": ("will", "not"),
    "isnt": ("is", "not"),
    "wasnt": ("was", "not"),
    "couldnt": ("could", "not"),
    "shouldnt": ("should", "not"),
    "cannot": ("can", "not"),
    "youre": ("you", "are"),
    "youve": ("you", "have"),
    "youll": ("you", "will"),
    "weve": ("we", "have"),
    "whats": ("what", "is"),
    "thats": ("that", "is"),
    "u": ("you",),
    "ur": ("your",),
    "pls": ("please",),
    "plz": ("please",),
}


class Word(NamedTuple):
    word: str  # folded; one of the constants above for a sentence end, a link, a handle
    start: int
    end: int


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?P<link>https?://\S+)"
        r"|(?P<handle>(?<![\w.])@\w[\w.@-]*)"
        r"|(?P<word>[eE]-[mM]ail\w*|\w+(?:['’ʼ]\w+)*)"
        r"|(?P<end>[!?…\n]+|\.+(?=[\s\"'”’)]|$))"
    )


def words_of(text: str) -> tuple[Word, ...]:
    """The words of ``text`` in order; a contraction gives two words with the same place."""
    found: list[Word] = []
    for match in _pattern().finditer(text):
        start, end = match.span()
        if match.lastgroup == "word":
            found += [Word(word, start, end) for word in _FOLDED[match.group()]]
        elif match.lastgroup == "end":
            found.append(Word(ASK if "?" in match.group() else STOP, start, end))
        else:
            found.append(Word(LINK if match.lastgroup == "link" else HANDLE, start, end))
    return tuple(found)


def fold(written: str) -> tuple[str, ...]:
    """One written word as the words it stands for."""
    folded = plain(written)
    if folded in _WITHOUT_APOSTROPHE:
        return _WITHOUT_APOSTROPHE[folded]
    if "'" not in folded:
        return (folded.replace("-", ""),)
    base, _, tail = folded.rpartition("'")
    if tail == "t" and base.endswith("n"):
        return (_NOT_BASES.get(base[:-1], base[:-1]), "not")
    if tail in _TAILS:
        return (base, _TAILS[tail])
    if tail == "s":
        return (base, "us" if base == "let" else "is") if base in _IS_BEFORE or base == "let" else (base,)
    return tuple(part for part in folded.split("'") if part)


_FOLDED = Remembered(fold)


def plain(text: str) -> str:
    """Case-folded, without accents, with straight apostrophes. Not of the same length as ``text``."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    folded = folded.replace("’", "'").replace("ʼ", "'")
    return "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
