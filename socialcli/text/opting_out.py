"""Whether a customer asks us to write to them no more: "stop messaging me", "lasst mich in Ruhe".

Precision comes first: who is taken for somebody who wants no answer gets none. The request is the whole message, or a
clause of its own in which nothing else stands; "they won't stop messaging me", "leave me alone on hold" and "don't DM
me, answer here" are none. What is said of e-mails, calls and newsletters is a matter to be answered, not this. Words in
quotation marks, or behind "your agent said:", are somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from msgspec import Struct, structs

from socialcli.data import text_of
from socialcli.text.tokens import SAYS_SOMETHING, STOPS, Tokens, tokenize

LANGUAGES = ("en", "es", "de", "fr", "it", "pt")
_READ = 4_000  # characters of a text that are looked at
_MOST = 1_000  # tokens of it
_LAUGHS = frozenset("😂🤣😹😆😜😉")
_AND = frozenset({"and", "but", "or", "y", "pero", "und", "aber", "et", "mais", "e", "ma", "mas"})
_COMMA = ","
_COLON = ":"  # what stands before it says whose words follow: "your agent said: stop messaging me"
_QUOTED = '"'  # begins a word of somebody else's: it is in quotation marks, and asks for nothing
_OPENING, _CLOSING = frozenset('"“„«'), frozenset('"“”»')
_LEAD = 20  # words of a clause before the request in it, at most
_SHORT = 8  # words of a message that says "stop" and no more, at most
_Phrase = tuple[str, ...]


class _Phrases(Struct, frozen=True):
    """``lengths``: how many words those have that begin with a word, the longest first."""

    every: frozenset[_Phrase]
    lengths: dict[str, tuple[int, ...]]

    def at(self, words: list[str], place: int) -> Iterator[_Phrase]:
        """Those that stand at ``place``, the longest first."""
        for length in self.lengths.get(words[place], ()):
            if (phrase := tuple(words[place : place + length])) in self.every:
                yield phrase

    def first(self, words: list[str], place: int) -> _Phrase | None:
        return next(self.at(words, place), None)


class _Lists(Struct, frozen=True):
    """What one language says; see the head of data/opt-out/en.txt."""

    alone: _Phrases
    request: _Phrases
    before: _Phrases
    after: frozenset[str]
    rather: frozenset[str]
    strong: frozenset[str]

    def passes(self, word: str) -> bool:
        """Whether it may stand beside a request, and tells nothing."""
        return word in self.after or word in _AND or (word,) in self.before.every


class Stop(Struct, frozen=True):
    """``span``: first token of the request, token behind it; ``whole``: nothing else is said beside it."""

    span: tuple[int, int]
    whole: bool


class _Said(Struct, frozen=True):
    """The words of a text; ``places``: their tokens; ``marks``: what parts each from the one before it ("", a comma,
    a colon, a stop).
    """

    words: list[str]
    places: list[int]
    marks: list[str]
    end: str  # the mark at the end

    def clause_end(self, place: int) -> int:
        """Where the clause ends in which the word at ``place`` stands."""
        for at in range(place, len(self.words)):
            if at > place and self.starts_clause(at):
                return at
        return len(self.words)

    def starts_clause(self, place: int) -> bool:
        return self.marks[place] != "" or self.words[place] in _AND

    def mark_at(self, place: int) -> str:
        """What ends a clause that ends before ``place``."""
        return self.marks[place] if place < len(self.words) else self.end


def asks_to_stop(text: str) -> bool:
    """Whether ``text`` asks us to write no more."""
    return stop_in(tokenize(text[:_READ])) is not None


def stop_in(tokens: Tokens) -> Stop | None:
    """The request to write no more in a text; None where there is none."""
    if _telling().isdisjoint(tokens.words[:_MOST]):
        return None
    said = _said(tokens)
    present = frozenset(said.words)
    for language in LANGUAGES:
        lists = _lists(language)
        found = None if present.isdisjoint(lists.alone.lengths) else _alone(said, lists)
        if found is None and not present.isdisjoint(lists.request.lengths):
            found = _request(said, lists)
        if found is not None:
            return None if any(sign in _LAUGHS for sign in tokens.words) else found
    return None


def _said(tokens: Tokens) -> _Said:
    said, strong = _Said([], [], [], ""), _lists("en").strong
    mark = quoted = ""
    for place, (word, kind) in enumerate(zip(tokens.words[:_MOST], tokens.kinds[:_MOST], strict=True)):
        if word in STOPS:
            mark = "?" if "?" in (mark, word) else word
        elif word == _COMMA:
            mark = mark or (_COLON if tokens.raw[place] == _COLON else _COMMA)
        elif word in (_CLOSING if quoted else _OPENING):
            quoted = "" if quoted else _QUOTED
        elif (kind in SAYS_SOMETHING or kind == "url") and word not in strong:
            said.words.append(quoted + word)
            said.places.append(place)
            said.marks.append(mark)
            mark = ""
    return structs.replace(said, end=mark)


def _alone(said: _Said, lists: _Lists) -> Stop | None:
    """The request where nothing else is said, be it repeated."""
    if len(said.words) > _SHORT or "?" in (*said.marks, said.end):
        return None
    found: Stop | None = None
    place = 0
    while place < len(said.words):
        phrase = lists.alone.first(said.words, place)
        if phrase is None and not lists.passes(said.words[place]):
            return None
        found = found or (_stop(said, place, phrase, whole=True) if phrase else None)
        place += len(phrase or " ")
    return found


def _request(said: _Said, lists: _Lists) -> Stop | None:
    """The first request that is a clause by itself, and is not taken back by what follows."""
    beside = set(range(len(said.words)))
    found: tuple[int, _Phrase] | None = None
    for place in range(len(said.words)):
        phrase = lists.request.first(said.words, place)
        clause = None if phrase is None else _clause(said, place, phrase, lists)
        if phrase is not None and clause is not None:
            found = found or (place, phrase)
            beside -= clause
    if found is None:
        return None
    return _stop(said, *found, whole=all(lists.passes(said.words[place]) for place in beside))


def _clause(said: _Said, place: int, phrase: _Phrase, lists: _Lists) -> set[int] | None:
    """The words of the clause that a request stands in; None where it means something else."""
    behind = place + len(phrase)
    if any(mark in STOPS for mark in said.marks[place + 1 : behind]):
        return None
    start, end = _start(said, place, lists), said.clause_end(behind - 1)
    if start is None or not all(word in lists.after for word in said.words[behind:end]):
        return None
    asked = said.mark_at(end) == "?" and start == place
    return None if asked or _goes_on(said, end, lists) else set(range(start, end))


def _stop(said: _Said, place: int, phrase: _Phrase, *, whole: bool) -> Stop:
    return Stop((said.places[place], said.places[place + len(phrase) - 1] + 1), whole)


def _start(said: _Said, place: int, lists: _Lists) -> int | None:
    """Where the clause of a request begins that stands at ``place``; None where something else stands before it."""
    start = place
    while start > 0 and said.marks[start] in ("", _COLON):
        start -= 1
        if place - start > _LEAD:
            return None
    reached = {start}
    asked = False  # for the same in other words: "stop messaging me and leave me alone"
    for at in range(start, place):
        word = said.words[at]
        same = lists.request.first(said.words, at)
        asked = asked or same is not None
        if at in reached:
            reached |= {at + len(one) for one in lists.before.at(said.words, at)}
            reached |= set() if same is None else {at + len(same)}
        if asked and word in _AND:
            reached.add(at + 1)
    return start if place in reached else None


def _goes_on(said: _Said, place: int, lists: _Lists) -> bool:
    """Whether the next clause wants another answer, or deeds: "and fix it", "reply here"."""
    for at in range(place, len(said.words)):
        word = said.words[at]
        if word in lists.rather:
            return True
        if not lists.passes(word):
            return False
    return False


@cache
def _lists(language: str) -> _Lists:
    found: dict[str, set[_Phrase]] = {}
    lines = (line for line in text_of("opt-out", f"{language}.txt").splitlines() if not line.startswith("#"))
    name = ""
    for line in filter(None, lines):
        if line.startswith("["):
            name = line.strip("[]")
        else:
            found.setdefault(name, set()).update(
                one for entry in line.split(",") for one in _spelled_out(entry)
            )
    words = {one: frozenset(word for phrase in phrases for word in phrase) for one, phrases in found.items()}
    return _Lists(
        _phrases(found["alone"]),
        _phrases(found["request"]),
        _phrases(found["before"]),
        words["after"],
        words["rather"],
        words.get("strong", frozenset()),
    )


@cache
def _telling() -> frozenset[str]:
    """Of each phrase one word, rare if it can be: a text without any of them asks for nothing, as most do."""
    lists = [_lists(language) for language in LANGUAGES]
    common = {word.rstrip(",") for word in text_of("lexicon", "languages.txt").split()}
    phrases = {phrase for one in lists for phrase in (*one.request.every, *one.alone.every)}
    return frozenset(
        max(phrase, key=lambda word: (word not in common, len(word), word)) for phrase in phrases
    )


def _spelled_out(entry: str) -> Iterator[_Phrase]:
    """All the ways in which "stop/quit writing ~/to me" can be said."""
    for words in product(*(part.split("/") for part in entry.split())):
        yield tuple(word for word in words if word != "~")


def _phrases(found: set[_Phrase]) -> _Phrases:
    lengths: dict[str, set[int]] = {}
    for phrase in filter(None, found):
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    by_first = {word: tuple(sorted(those, reverse=True)) for word, those in lengths.items()}
    return _Phrases(frozenset(filter(None, found)), by_first)
