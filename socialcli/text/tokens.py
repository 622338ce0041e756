"""One pass over a text: words, numbers, mentions, links and marks, each with its place.

Everything that reads a customer's words reads these tokens, so that a text is split once. The pattern is a
plain alternation without nested repetition: its time is linear in the text, whatever a stranger sends.

A text is split by one call into what was written ("Flights"), and each piece is looked up as the word that it
stands for ("flights"); places are worked out only where somebody asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import compress
from typing import TypeVar, overload

from msgspec import Struct

from socialcli.text.remembered import Remembered
from socialcli.text.shadow import is_read_otherwise, shadow

# What stands for a token whose own letters do not matter.
MENTION = "@"
URL = "://"
NUMBER = "0"
STOPS = frozenset({".", "!", "?", "\n"})

# The kinds that texts are full of stand first; except for links and words, no two begin with the same sign.
# The hyphen inside a word is passed over: "check-in" is two words, as "check in" is. The blank behind a token
# is eaten with it, which spares a look at it.
_PATTERN = r"""(
(?P<url>(?:https?://|www\.|pic\.twitter\.com/|t\.co/|bit\.ly/)[^\s<>"]+)
|(?P<word>LETTER++(?>(?:['’ʼ`´]LETTER++)*))
|(?P<number>\d+(?:[.,:]\d+)*)
|(?P<mention>(?<!\w)[@＠]\w+(?:@\w+(?:[.-]\w+)*)?)
|(?P<emoticon>(?<!\w)[:;=]['’]?-?[()DPp/\\|](?!\w))
|(?P<mark>[?!¿¡؟？！]+|\.+|…|[,;:。、])
|(?P<hashtag>(?<!\w)[#＃]\w+)
|(?P<entity>&(?:amp|lt|gt|quot|nbsp|\#39);)
|(?P<line>\n)
|(?P<sign>(?!(?<=LETTER)[-‐‑]LETTER)[^\w\s])
)[ ]*+
"""
_LETTER = r"[^\W\d_]"
_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&#39;"})  # they give no token
SAYS_SOMETHING = frozenset({"word", "number", "hashtag"})  # kinds; the others are marks and names
_LOOK_CLOSER = ""  # stands for a piece that is an entity, or makes its text one with drawn-out words
_LONG_RUN = re.compile(r"([^\W\d_])\1\1")
_SQUEEZE = re.compile(r"([^\W\d_])\1\1+")
_WITH_IS = frozenset(
    {"it", "that", "what", "where", "who", "how", "there", "let", "he", "she", "here", "when", "why"}
)
_ELIDED = frozenset({"l", "d", "qu", "un", "dell", "all", "nell", "sull", "dall", "quell", "quest"})
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
_ACCENTS = str.maketrans(
    "áàâäãåéèêëíìîïóòôöõøúùûüýÿñçœæ",
    "aaaaaaeeeeiiiioooooouuuuyyncoa",
)


_Known = tuple[str, str, bool]  # word and kind of a piece, and whether it is one of SAYS_SOMETHING


class Token(Struct, frozen=True, gc=False):
    """``word`` is what is looked up: folded case, no accents, "0" for any number, "@" for any mention, "://"
    for any link, the word itself for a hashtag. ``start`` and ``end`` are code points of the text.
    """

    word: str
    kind: str  # url, mention, hashtag, number, word, mark, sign, emoticon
    start: int
    end: int


class Tokens(Sequence[Token]):
    """The tokens of a text, as rows that run side by side: ``raw`` as written, ``words`` as looked up, ``kinds``."""

    __slots__ = ("_from", "_pieces", "_says", "_starts", "_text", "kinds", "raw", "words")

    def __init__(self, text: str, pieces: list[str], raw: list[str], known: Remembered[_Known]) -> None:
        self.raw = raw
        self.words: Sequence[str] = ()
        self.kinds: Sequence[str] = ()
        self._says: Sequence[bool] = ()
        if raw:
            self.words, self.kinds, self._says = zip(*map(known.__getitem__, raw), strict=True)
        self._text = text
        self._pieces = pieces  # all that was cut out of the text, entities too
        self._starts: list[int] = []
        self._from = 0  # where the first token is looked for whose start is not known

    @property
    def text(self) -> str:
        """The text as it is read: composed, in plain letters."""
        return self._text

    @property
    def own_words(self) -> list[str]:
        """Words, numbers and hashtags, without mentions, links and marks."""
        return list(compress(self.words, self._says))

    def start(self, place: int) -> int:
        """Where a token begins. Between two pieces stands nothing that could begin one, so that each is the
        next that is found. The walk goes no further than to the token that is asked for.
        """
        known = len(self._starts)
        if place >= known:
            whole = self._pieces is not self.raw  # with entities between the tokens there is no shorter walk
            self._walk(self._pieces if whole else self.raw[known : place + 1])
        return self._starts[place]

    def _walk(self, pieces: list[str]) -> None:
        find, at = self._text.find, self._from
        for piece in pieces:
            at = find(piece, at)
            if piece not in _ENTITIES:
                self._starts.append(at)
            at += len(piece)
        self._from = at

    def end(self, place: int) -> int:
        return self.start(place) + len(self.raw[place])

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...
    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        return Token(self.words[place], self.kinds[place], self.start(place), self.end(place))

    def __iter__(self) -> Iterator[Token]:
        if self.words:
            self.start(len(self.words) - 1)
        for word, kind, raw, start in zip(self.words, self.kinds, self.raw, self._starts, strict=True):
            yield Token(word, kind, start, start + len(raw))


_Some = TypeVar("_Some", bound=Tokens)


class _Shadowed(Tokens):
    """Tokens of a shadow, with their places in the text that casts it."""

    __slots__ = ("places",)

    places: Sequence[int]

    def start(self, place: int) -> int:
        return self.places[super().start(place)]

    def end(self, place: int) -> int:
        return self.places[super().start(place) + len(self.raw[place])]

    def __iter__(self) -> Iterator[Token]:
        return map(self.__getitem__, range(len(self)))


def tokenize(text: str) -> Tokens:
    """Tokens of ``text`` in order. White space, HTML entities and the hyphen inside a word give none; what is
    written in decomposed or styled letters is read as the plain ones.
    """
    if text.isascii():
        return _tokens(Tokens, text, _split_ascii()(text))
    if not is_read_otherwise(text):
        return _tokens(Tokens, text, _split()(text))
    plain, places = shadow(text)
    tokens = _tokens(_Shadowed, plain, _split()(plain))
    tokens.places = places
    return tokens


def _tokens(kind: type[_Some], text: str, pieces: list[str]) -> _Some:
    tokens = kind(text, pieces, pieces, _PLAIN)
    if _LOOK_CLOSER not in tokens.words:
        return tokens
    raw = [piece for piece in pieces if piece not in _ENTITIES]
    drawn_out = any(_LONG_RUN.search(piece) for piece in raw)
    return kind(text, pieces, raw, _DRAWN_OUT if drawn_out else _PLAIN)


def _in_plain_text(piece: str) -> _Known:
    """What a piece is in a text in which no letter stands three times in a row."""
    if piece in _ENTITIES or _LONG_RUN.search(piece) is not None:
        return _LOOK_CLOSER, "", False
    if piece.isascii() and piece.isalpha():  # as most are
        return piece.lower(), "word", True
    return _known(piece, drawn_out=False)


def _in_drawn_out_text(piece: str) -> _Known:
    return _known(piece, drawn_out=True)


def _known(piece: str, *, drawn_out: bool) -> _Known:
    kind = _kind(piece)
    word = fold(piece, drawn_out=drawn_out) if kind == "word" else _symbol(kind, piece, drawn_out=drawn_out)
    return word, kind, kind in SAYS_SOMETHING


def _kind(piece: str) -> str:
    """What a piece is shows in itself, whatever it was cut out of."""
    match = _pattern().fullmatch(piece)
    return (match and match.lastgroup) or "sign"


def fold(word: str, *, drawn_out: bool = False) -> str:
    """The form under which a word is looked up: "Verspätung" is "verspatung", "won’t" is "won't"; with
    ``drawn_out`` "pleeease" is "please" wherever a letter stands three times or more.
    """
    folded = word.lower() if word.isascii() else word.casefold().translate(_APOSTROPHES).translate(_ACCENTS)
    if drawn_out:
        folded = _SQUEEZE.sub(r"\1", folded)
    return _bare(folded) if "'" in folded or "`" in folded else folded


def _bare(word: str) -> str:
    """Without what leans on it: "flight's" is "flight", "l'avion" is "avion"; "it's" and "don't" stay."""
    word = word.replace("`", "'")
    before, _, after = word.partition("'")
    if after == "s" and before not in _WITH_IS:
        return before
    return after if before in _ELIDED and len(after) > 1 else word


def _symbol(kind: str, raw: str, *, drawn_out: bool) -> str:
    if kind == "number":
        return NUMBER
    if kind == "mention":
        return MENTION
    if kind == "url":
        return URL
    if kind == "hashtag":
        return fold(raw[1:], drawn_out=drawn_out)
    if kind in {"mark", "line"}:
        return _mark(raw)
    return "at" if raw == MENTION else raw


def _mark(raw: str) -> str:
    """One kind of mark for "?!?" as for "?"; "..." and "…" are a pause that ends a sentence."""
    if raw[0] in ".…。":
        return "."
    if any(mark in raw for mark in "?？؟"):
        return "?"
    if raw[0] == "¿":
        return ","
    if raw[0] in "!！":
        return "!"
    return "," if raw[0] in "¡;:、" else raw


@cache
def _pattern() -> re.Pattern[str]:
    named = _PATTERN.replace("(", "(?:", 1).replace("LETTER", _LETTER)
    return re.compile(named, re.VERBOSE)


def _splitter(letter: str, digit: str) -> Callable[[str], list[str]]:
    pattern = re.sub(r"\?P<\w+>", "?:", _PATTERN).replace("LETTER", letter).replace(r"\d", digit)
    return re.compile(pattern, re.VERBOSE).findall


@cache
def _split() -> Callable[[str], list[str]]:
    return _splitter(_LETTER, r"\d")


@cache
def _split_ascii() -> Callable[[str], list[str]]:
    """Most texts are plain: without the letters of the whole world they are split in two thirds of the time."""
    return _splitter("[A-Za-z]", "[0-9]")


_PLAIN = Remembered(_in_plain_text)
_DRAWN_OUT = Remembered(_in_drawn_out_text)
