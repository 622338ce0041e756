"""Questions, requests, feedback, praise: what the customer wants of us."""

from __future__ import annotations

from collections.abc import Sequence

from socialcli.text.tokens import SAYS_SOMETHING
from socialcli.triage.reading import Evidence, Reading, Span

_BUT = frozenset({"but", "pero", "aber", "mais", "mas", "ma"})
_BUT_WITHIN = 3  # words behind the praise: "great shop but ..."
_QUOTE = '"'
_OPENING = 3  # a question word this near to the start of a sentence opens a question
_NEW_CLAUSE = frozenset({".", "!", "?", "-", ":", "\n"})
_GREETS = frozenset(
    {
        "hi",
        "hello",
        "hey",
        "hiya",
        "dear",
        "morning",
        "hola",
        "buenos",
        "hallo",
        "guten",
        "bonjour",
        "bonsoir",
    }
    | {"ola", "bom", "boa", "ciao", "buongiorno", "salve", "liebe", "liebes"}
)
_ENDS = frozenset({".", "!", "?", "\n"})
_NAMES_A_REASON = frozenset({"for", "to", "that", "fur", "dass", "pour", "por", "per"})
_GREETING = 6  # words within which a greeting ends
_SIGNS_OFF = 4  # own words behind the thanks that end a message: "thanks so much, Priya x"
_BEFORE_A_QUESTION = frozenset(
    {"hi", "hello", "hey", "hiya", "ok", "so", "and", "please", "just", "also", "morning"}
)


def question(reading: Reading) -> Evidence | None:
    """A question mark with words before it, else a question's opening words."""
    if "?" in reading.words and (mark := _mark(reading)) is not None:
        return Evidence("question/mark", (mark, mark + 1))
    asks = reading.first("question/asks")
    if asks is not None:
        return Evidence("question/asks", asks)
    return _opened(reading)


def _mark(reading: Reading) -> int | None:
    something_said = False
    for place, (word, kind) in enumerate(zip(reading.words, reading.tokens.kinds, strict=True)):
        if word == "?" and something_said:
            return place
        something_said = something_said or kind in SAYS_SOMETHING
    return None


def _opened(reading: Reading) -> Evidence | None:
    """A question word, or "do you", that begins a clause; after a mention "is the" goes on about that one."""
    if not reading.has("question/word", "question/turned"):
        return None
    openers = reading.starts("question/word") | reading.starts("question/turned")
    at_start = True
    last = len(reading.words) - _OPENING
    for place, (word, kind) in enumerate(zip(reading.words, reading.tokens.kinds, strict=True)):
        if word in _NEW_CLAUSE:
            at_start = True
        elif kind == "word" and word not in _BEFORE_A_QUESTION:
            if at_start and place in openers and place <= last:
                return Evidence("question/asks", (place, place + 1))
            at_start = False
    return None


def request(reading: Reading) -> Evidence | None:
    span = reading.first("request/words")
    return None if span is None else Evidence("request/words", span)


def wish(reading: Reading) -> Evidence | None:
    """Something we are to do, though it may be put as a question, such as "can you cancel my seat?"."""
    span = reading.first("request/act") or _pleaded(reading)
    return None if span is None else Evidence("request/act", span)


def _pleaded(reading: Reading) -> Span | None:
    """The "please" that a message begins with."""
    span = reading.first("request/please")
    if span is None:
        return None
    before = zip(reading.words[: span[0]], reading.tokens.kinds, strict=False)
    said = any(kind in {"word", "number"} and word not in _BEFORE_A_QUESTION for word, kind in before)
    return None if said else span


def feedback(reading: Reading) -> Evidence | None:
    span = reading.first("feedback/words")
    return None if span is None else Evidence("feedback/words", span)


def praises(reading: Reading, nots: frozenset[str]) -> list[Evidence]:
    """Every word of praise that is meant as such, in order; "thanks, but ..." is mere politeness, and what stands
    between quotation marks is somebody else's.
    """
    quoted = _quoted(reading)
    return [
        Evidence("praise/words", span)
        for span in reading.found.get("praise/words", ())
        if (reading.words[span[0]] in nots or not reading.negated(span, nots))
        and not _taken_back(reading, span[1])
        and span[0] not in quoted
    ]


def heartfelt(reading: Reading, praises: Sequence[Evidence]) -> list[Evidence]:
    """Praise without courtesy: neither "hi lovely people", nor "great," before what went wrong, nor the thanks that
    open or end a letter.
    """
    thanks = reading.starts("praise/thanks")
    return [
        praise
        for praise in praises
        if praise.span is not None
        and not (_in_greeting(reading, praise.span) or _is_interjection(reading, praise.span))
        and not (not thanks.isdisjoint(range(*praise.span)) and _signs_off(reading, praise.span))
    ]


def _in_greeting(reading: Reading, span: Span) -> bool:
    before = reading.words[max(0, span[0] - _GREETING) : span[0]]
    return not _GREETS.isdisjoint(before) and _ENDS.isdisjoint(before)


def _is_interjection(reading: Reading, span: Span) -> bool:
    """A single word or thanks that stand alone at the start: "Great, broken again"."""
    said = [place for place in range(span[0]) if reading.tokens.kinds[place] in {"word", "number"}]
    return not said and "," in reading.words[span[1] : span[1] + 1]


def _signs_off(reading: Reading, span: Span) -> bool:
    """Thanks that begin a clause of their own, the last one."""
    before = reading.words[span[0] - 1] if span[0] else "."
    if before not in _ENDS and before not in {",", "-", "and"}:
        return False
    behind = reading.words[span[1] :]
    kinds = reading.tokens.kinds[span[1] :]
    said = [word for word, kind in zip(behind, kinds, strict=True) if kind in {"word", "number"}]
    return len(said) <= _SIGNS_OFF and not (said and said[0] in _NAMES_A_REASON)


def _quoted(reading: Reading) -> frozenset[int]:
    """Places between quotation marks."""
    if _QUOTE not in reading.words:
        return frozenset()
    marks = [place for place, word in enumerate(reading.words) if word == _QUOTE]
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return frozenset(place for start, end in pairs for place in range(start, end))


def only_glad(reading: Reading, praises: Sequence[Evidence]) -> bool:
    """Whether nothing is praised for certain: "can't wait", "love", a smile may be the speaker's own joy."""
    glad = reading.starts("praise/glad")
    return all(praise.span is not None and praise.span[0] in glad for praise in praises)


def _taken_back(reading: Reading, place: int) -> bool:
    following = reading.words[place : place + _BUT_WITHIN]
    ends = next((at for at, word in enumerate(following) if word in _ENDS), _BUT_WITHIN)
    return not _BUT.isdisjoint(following[:ends]) or "though" in following[:2]
