"""One pass over a text: words, numbers, mentions, links and marks, each with its place.

Everything that reads a customer's words reads these tokens, so that a text is split once. The pattern is a
plain alternation without nested repetition: its time is linear in the text, whatever a stranger sends.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

# What stands for a token whose own letters do not matter.
MENTION = "@"
URL = "://"
NUMBER = "0"
STOPS = frozenset({".", "!", "?", "\n"})

# The kinds that texts are full of stand first; except for links and words, no two begin with the same sign.
# The blank behind a token is eaten with it, which spares a look at it.
_PATTERN = r"""(?:
(?P<url>(?:https?://|www\.|pic\.twitter\.com/|t\.co/|bit\.ly/)[^\s<>"]+)
|(?P<word>[^\W\d_]+(?:['’ʼ`´][^\W\d_]+)*)
|(?P<number>\d+(?:[.,:]\d+)*)
|(?P<mention>(?<!\w)[@＠]\w+(?:@\w+(?:[.-]\w+)*)?)
|(?P<emoticon>(?<!\w)[:;=]['’]?-?[()DPp/\\|](?!\w))
|(?P<mark>[?!¿¡؟？！]+|\.+|…|[,;:。、])
|(?P<hashtag>(?<!\w)[#＃]\w+)
|(?P<entity>&(?:amp|lt|gt|quot|nbsp|\#39);)
|(?P<line>\n)
|(?P<hyphen>(?<=[^\W\d_])[-‐‑](?=[^\W\d_]))
|(?P<sign>[^\w\s])
)[ ]?
"""
_NOTHING = frozenset({"entity", "hyphen"})  # "check-in" is two words, as "check in" is
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


class Token(Struct, frozen=True, gc=False):
    """``word`` is what is looked up: folded case, no accents, "0" for any number, "@" for any mention, "://"
    for any link, the word itself for a hashtag. ``start`` and ``end`` are code points of the text.
    """

    word: str
    kind: str  # url, mention, hashtag, number, word, mark, sign, emoticon
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Tokens of ``text`` in order. White space, HTML entities and the hyphen inside a word give none."""
    drawn_out = _LONG_RUN.search(text) is not None
    plain = text.isascii() and not drawn_out
    tokens: list[Token] = []
    append = tokens.append
    for match in _pattern().finditer(text):
        kind = match.lastgroup or "sign"
        raw = match[kind]
        start = match.start()
        if kind == "word":
            word = raw.lower() if plain and raw.isalpha() else fold(raw, drawn_out=drawn_out)
            append(Token(word, kind, start, start + len(raw)))
        elif kind not in _NOTHING:
            append(Token(_symbol(kind, raw, drawn_out=drawn_out), kind, start, start + len(raw)))
    return tokens


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
    return re.compile(_PATTERN, re.VERBOSE)
