"""Private data that only its cue gives away: references, accounts, passwords, dates of birth, addresses."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from operator import or_
from typing import NamedTuple

from socialcli.model.assessment import PrivateSpan
from socialcli.text.remembered import Remembered

_LINK = r"(?:\s{0,3}(?:[:=#]|\bis\b|\bwas\b|\bare\b|\bes\b|\bist\b|\blautet\b)\s{0,3}[:#\"'“(]?|\s{1,3})"
_NUMBER = r"(?:[ -]{0,2}(?:numbers?|num|no\b\.?|nr\b\.?|n[º°]|id|code|ref(?:erence)?))?"


class _Rule(NamedTuple):
    kind: str
    pattern: re.Pattern[str]  # its group "value" is what is private
    accepts: re.Pattern[str]  # what the whole value must look like
    stems: tuple[str, ...]  # one of them stands within a word of every text that the pattern matches
    digits: int  # as many at least are in every value that is accepted
    shape: re.Pattern[str] | None = None  # what is found in every such text, and fast to look for


# What a pattern takes for an "i" without regard to case, and casefold() does not.
_LIKE_I = str.maketrans("\u0130\u0131", "ii")


def _lowered(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_LIKE_I).casefold()


def cues(text: str) -> int:
    """What the words of the text may be cues of: a bit for each rule, and for each kind of address. Words are
    remembered, so that most texts cost one look-up a word and no pattern at all.
    """
    return functools.reduce(or_, map(_cues_of().__getitem__, text.split()), 0)


@functools.cache
def _cues_of() -> Remembered[int]:
    stems = [rule.stems for rule in _rules()] + [stems for stems, _ in _other_addresses()]
    any_stem = re.compile("|".join(re.escape(stem) for some in stems for stem in some))

    def bits(word: str) -> int:
        lowered = _lowered(word)
        street = bool(_STREET_WORD.match(f" {word}")) << len(stems)
        if any_stem.search(lowered) is None:
            return street
        found = (any(stem in lowered for stem in some) << place for place, some in enumerate(stems))
        return sum(found) + street

    return Remembered(bits)


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    return (_birth_date(), *_secrets(), *_references(), *_accounts())


def cued(text: str, told: int, digits: int) -> Iterator[PrivateSpan]:
    """What stands behind a cue, in the order of the rules (the more dangerous first). ``told`` are the ``cues``
    of the text, ``digits`` how many digits it holds.
    """
    for place, rule in enumerate(_rules()):
        if not told >> place & 1 or digits < rule.digits:
            continue
        if rule.shape is not None and rule.shape.search(text) is None:
            continue
        for match in rule.pattern.finditer(text):
            value = match["value"].rstrip(".,;:!?)\"'”-")
            if rule.accepts.fullmatch(value):
                yield PrivateSpan(rule.kind, match.start("value"), match.start("value") + len(value))


def referenced(text: str, patterns: tuple[str, ...]) -> Iterator[PrivateSpan]:
    """Matches of the brand's own patterns; words without any digit are no reference whatever they match."""
    any_of_them = _any_of(patterns)
    if any_of_them is not None and any_of_them.search(text) is None:
        return
    for pattern in patterns:
        for match in _compiled(pattern).finditer(text):
            if any(character.isdecimal() for character in match.group()):
                yield PrivateSpan("reference", *match.span())


@functools.cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """All of the patterns in one, which asks in one walk whether any of them matches; None where they cannot be
    put together (they have groups or flags of their own).
    """
    if len(patterns) < 2 or any(_compiled(pattern).groups for pattern in patterns):  # noqa: PLR2004
        return None
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error:
        return None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _rule(
    kind: str, stems: str, cue: str, value: str, accepts: str = ".*", *, digits: int = 1, shape: str = ""
) -> _Rule:
    pattern = re.compile(rf"(?<!\w)(?:{cue})(?P<value>{value})", re.IGNORECASE)
    return _Rule(
        kind,
        pattern,
        re.compile(accepts),
        tuple(stems.split("|")),
        digits,
        re.compile(shape) if shape else None,
    )


def _digit_in_a_run(length: int) -> str:
    """A digit somewhere in a run of letters, digits and hyphens; the digit stands first, and is found fast."""
    places = (rf"(?<=[\w-]{{{before + 1}}})(?=[\w-]{{{length - 1 - before}}})" for before in range(length))
    return rf"\d(?:{'|'.join(places)})"


def _birth_date() -> _Rule:
    cue = (
        r"born|d\.?o\.?b\b\.?|date of birth|birth ?date|birthday|geboren|geburtsdatum|geburtstag|nacid[oa]"
        r"|fecha de nacimiento"
    )
    month = r"(?:de )?[^\W\d_]{3,10}\.?,?"
    date = (
        r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\w)|\d{8}(?!\w)"
        rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of)? {month} (?:de )?\d{{4}}(?!\w)"
        rf"|[^\W\d_]{{3,10}}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\w)"
    )
    stems = "born|dob|d.ob|do.b|d.o.b|birth|gebor|geburt|nacid|nacimiento"
    return _rule(
        "birth-date",
        stems,
        rf"(?:{cue})(?:[:=,]|\s|\bis\b|\bon\b|\bam\b|\bel\b|\bthe\b){{1,8}}",
        date,
        digits=4,
    )


def _secrets() -> tuple[_Rule, ...]:
    words = r"pass ?word|pass ?code|pass ?phrase|pwd|passwort|kennwort|contraseña"
    codes = (
        r"(?<!error )(?<!post )(?<!promo )(?<!area )(?<!zip )(?<!country )(?<!discount )(?<!sort )(?<!status )"
        r"code|pin|otp|cvv2?|cvc2?|tan|clave"
    )
    link = r"(?:\s{0,3}[:=]\s{0,3}|\s{1,3}(?:is|was|es|ist|lautet)\s{1,3}[:]?)[\"'“]?"
    return (
        # A word behind "password is" is mostly no password ("is wrong"): a digit or a sign must be in it.
        _rule(
            "password",
            "pass|pwd|kennwort|contrase",
            rf"(?:{words})\b{link}",
            r"[^\s\"”]{4,64}",
            r"(?=[^\W\d_]*[^\s'’.,!?…]).*[\d@#$%^&*+=_~].*",
        ),
        _rule(
            "password",
            "code|pin|otp|cvv|cvc|tan|clave",
            rf"(?:{codes})\b(?: (?:number|no|code)\b)?(?:{link}|\s{{1,3}})",
            r"\d{3,8}\b(?![.,:/-]\d)",
            digits=3,
        ),
    )


def _references() -> tuple[_Rule, ...]:
    nouns = (
        r"booking|reservation|confirmation|order|ticket|case|claim|complaint|pnr|record locator|locator|file|baggage"
        r"|bag ?tag|tag|tracking|invoice|buchung|buchungs(?:code|nummer)|vorgangs?(?:nummer)?|reserva"
        r"|localizador|pedido|ref(?:erence)?|referencia|referenz"
    )
    stems = (
        "booking|reserva|confirmation|order|ticket|case|claim|complaint|pnr|locator|file|bag|tag|tracking|invoice"
        "|buchung|vorgang|localizador|pedido|ref"
    )
    digit = r"(?=[A-Za-z-]*\d)"
    not_a_count = r"(?!\d{1,4}(?:[A-Za-z]{1,7})?$)"  # 24hours, 1st, 2019
    not_a_date = r"(?!\d{1,4}-\d{1,2}-\d{1,4}$)"
    marked = rf"(?:{nouns})(?:{_NUMBER}\b\.?{_LINK}|[ ]?[:=#]\s{{0,3}})"
    return (
        _rule(
            "reference",
            stems,
            marked,
            r"[A-Za-z0-9][A-Za-z0-9-]{4,23}(?![\w:/%])",
            f"{digit}{not_a_count}{not_a_date}[A-Z0-9-]+",
            shape=_digit_in_a_run(5),
        ),
        _rule(
            "reference",
            stems,
            rf"(?:{nouns}){_NUMBER}\s{{0,3}}(?:[:=#]|\bis\b|\bes\b|\bist\b)\s{{0,3}}[#\"'“(]?",
            r"[A-Za-z0-9][A-Za-z0-9-]{4,23}(?![\w:/%])",
            f"{digit}{not_a_count}{not_a_date}.*",
            shape=_digit_in_a_run(5),
        ),
    )


def _accounts() -> tuple[_Rule, ...]:
    nouns = (
        r"account|acct|a/c|konto(?:nummer)?|sort code|routing|frequent[ -]fl[iy]er|loyalty|membership|member"
        r"|customer|passport|national insurance|social security|ssn|d\.?n\.?i\b\.?|ausweis(?:nummer)?"
    )
    stems = (
        "account|acct|a/c|konto|sort|routing|frequent|loyalty|member|customer|passport|national"
        "|social|ssn|d.n.i|d.ni|dn.i|dni|ausweis"
    )
    value = r"[A-Za-z]{0,3}\d[\d -]{3,20}\d[A-Za-z]?(?!\w)"
    return (
        _rule(
            "account",
            stems,
            rf"(?:{nouns})\b{_NUMBER}{_LINK}",
            value,
            digits=2,
            shape=r"\d[\d -]{3,20}\d",
        ),
        _Rule(
            "account",
            re.compile(r"(?<![\w-])(?P<value>(?!000|666|9)\d{3}-\d{2}-\d{4})(?![\w-])"),
            re.compile(".*"),
            ("-",),
            digits=9,
        ),
    )


_STREET = "[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Bb]oulevard|[Cc]rescent|STREET|ROAD|AVENUE|LANE"
_STREET_WITH_CAPITAL = (
    "St|Rd|Ave|Ln|Dr|Drive|Close|Court|Ct|Place|Square|Sq|Terrace|Way|Blvd|Gardens|Grove|Hill|Mews|Row|Parkway|Pkwy"
    "|Highway|Hwy|Circle|Cir|Trail"
)
_STREET_WORD = re.compile(rf" (?:{_STREET}|{_STREET_WITH_CAPITAL})\b")


def addresses(text: str, told: int) -> Iterator[PrivateSpan]:
    """Number and street in English, street and number in Spanish and German, a post code behind its cue.
    ``told`` are the ``cues`` of the text.
    """
    told >>= len(_rules())
    others = _other_addresses()
    patterns = _english_addresses() if told >> len(others) & 1 else ()
    patterns += tuple(pattern for place, (_, pattern) in enumerate(others) if told >> place & 1)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield PrivateSpan("address", *match.span())


@functools.cache
def _english_addresses() -> tuple[re.Pattern[str], ...]:
    name = r"[A-ZÀ-ÞĀ-Ž0-9][\w'’-]{0,30}\.?"
    plain = r"(?!(?:the|on|of|a|an|in|at|to|by|from|down|up|off|this|that|your|our|my|and|for|per)\b)[a-z'’]{2,20}"
    place = rf"(?:,? {name}){{0,4}}"
    return (
        re.compile(
            rf"(?<![\w.,:/£$€-])\d{{1,5}}[A-Za-z]?,? (?:{name} ){{1,4}}(?:{_STREET}|{_STREET_WITH_CAPITAL})\b\.?{place}"
        ),
        re.compile(rf"(?<![\w.,:/£$€-])\d{{1,5}}[a-z]?,? (?:{plain} ){{1,2}}(?:{_STREET})\b"),
    )


@functools.cache
def _other_addresses() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Each behind the stems of which one must stand within a word of the text."""
    spanish = re.compile(
        r"\b(?:calle|c/|avenida|avda\.?|plaza|paseo|carrer)(?>(?: (?:de|del|la|las|los|el))*)(?:(?<=/)| )"
        r"(?:[^\W\d_][\w'’-]{0,30},? ){1,4}(?:n[ºo°]\.? ?)?\d{1,4}\b",
        re.IGNORECASE,
    )
    german = re.compile(
        r"(?<!\w)[^\W\d_][^\W\d_-]{1,30}?[ -]?(?:straße|strasse|str\.|weg|platz|allee|gasse|damm) \d{1,4} ?[a-z]?\b"
        r"(?:, ?\d{5} [^\W\d_]{2,30})?",
        re.IGNORECASE,
    )
    post_code = re.compile(
        r"(?<!\w)(?:post ?code|zip(?: code)?|plz|código postal)(?: is|:)? {1,3}"
        r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}(?:-\d{4})?)\b",
        re.IGNORECASE,
    )
    return (
        (("calle", "c/", "avenida", "avda", "plaza", "paseo", "carrer"), spanish),
        (("str", "weg", "platz", "allee", "gasse", "damm"), german),
        (("post", "zip", "plz"), post_code),
    )
