"""text/*: what must never leave the house: nothing, a template's hole, hidden or broken characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading


def find_empty(reading: Reading) -> Iterable[Fault]:
    if reading.is_empty:
        yield Fault(0, len(reading.text), "the reply says nothing", "write an answer above the sign-off")


@cache
def _placeholder() -> re.Pattern[str]:
    hole = r"(?:your|customer|first|last|full|agent|user|insert|link|name|number|date|time|order|booking|ref|reference|city|flight|email|phone|handle|amount|url|topic|initials|username|nombre|nom|nome|vorname|xxx)"
    greeted = "|".join(
        rf"(?<=\b{word} )" for word in ("hi", "hey", "hello", "dear", "hola", "hallo", "bonjour")
    )
    return re.compile(
        r"\{\{[^{}\n]{0,80}\}\}"  # {{ name }}
        r"|\{%[^%\n]{0,80}%\}"
        r"|\$?\{[A-Za-z_][\w .]{0,40}\}"  # {name}, ${name}
        r"|\[[A-Z][A-Z _'/-]{2,40}\]"  # [NAME]
        rf"|(?i:\[{hole}\b[\w '/-]{{0,40}}\])"
        rf"|(?i:<{hole}\b[\w '/-]{{0,40}}>)"
        r"|<[A-Z][A-Z _-]{2,40}>"
        rf"|(?i:%{hole}%)"
        r"|(?<!\w)X{4,}(?!\w)"
        r"|(?<!\w)_{4,}(?!\w)"
        r"|(?<!\w)(?:TODO|TBC|TBD|FIXME)(?!\w)"
        r"|(?<!\w)(?:FIRST|LAST|CUSTOMER)_?NAME(?!\w)"
        r"|(?<!\w)[£$€#]X{2,}(?:[.,]X+)?(?!\w)|(?<!\w)X{2,}[:./-]X{2,}(?!\w)"  # £XX.XX, XX:XX
        r"|(?<!\w)(?<!in )(?<!as )(?:DD[./-]MM(?:[./-]YY(?:YY)?)?|MM[./-]DD(?:[./-]YY(?:YY)?)?|HH:MM)(?!\w| format)"
        r"|(?<!\w)X (?:days?|hours?|minutes?|mins?|working|business|weeks?|pm|am)(?!\w)"
        rf"|(?i:(?<!\w)(?:\*{{1,3}}|%%|@@|##|«|\|){hole}(?:[ _]\w{{1,20}})?(?:\*{{1,3}}|%%|@@|##|»|\|)(?!\w))"
        r"|(?<=Hi )(?:null|undefined|None|NULL|NaN|nan)(?!\w)|(?<=Hello )(?:null|undefined|None|NULL|NaN)(?!\w)"
        r"|(?<=Dear )(?:null|undefined|None|NULL|NaN)(?!\w)"
        r"|(?i:\((?:insert|add|enter|fill in)\b[\w '/-]{0,40}\))"
        rf"|(?i:(?:{greeted})\((?:[\w'’]{{1,20}} ){{0,2}}(?:name|nombre|nom|nome|vorname)\))"  # Dear (first name)
        r"|(?i:(?<!\w)(?:first|last|customer|full|user|agent|order|booking|flight|ticket|client)_(?:name|number|no|id|date|ref|time)(?!\w))"
        r"|(?<!\w)_{2,}[:/.-]_{2,}(?!\w)"
        r"|(?i:\blorem ipsum\b)"
    )


# One of them stands in every hole that the pattern knows: they are looked for fast.
_SIGNS = (
    *"{[<%*«|@#_(X",
    *(
        "TODO",
        "TBC",
        "TBD",
        "FIXME",
        "NAME",
        "DD",
        "MM",
        "HH:MM",
        "null",
        "undefined",
        "None",
        "NULL",
        "NaN",
        "nan",
    ),
)


def find_placeholders(reading: Reading) -> Iterable[Fault]:
    text = reading.text
    if not any(sign in text for sign in _SIGNS) and "lorem" not in text.casefold():
        return
    for match in _placeholder().finditer(text):
        if not reading.in_link(match.start()):
            yield Fault(
                match.start(),
                match.end(),
                f'"{match.group()}" was never filled in',
                "put the real value there, or leave the sentence out",
            )


# Characters without a width or that turn the direction of what follows.
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    f"[{_DIRECTION}\u200b\u2060-\u2064\u206a-\u206f\ufeff\u00ad\u180e\u115f\u1160\u3164\uffa0\u061c"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\U000e0001-\U000e007f]+"
)
_MARKS = "[\u200e\u200f]+"  # harmless where a right-to-left script is written
_JOINERS = "(?<=[0-9A-Za-z\u00c0-\u024f])[\u200c\u200d]+(?=[0-9A-Za-z\u00c0-\u024f])"
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"  # England, Scotland, Wales: tags are right


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(f"(?P<flag>{_FLAG})|{_INVISIBLE}|{_JOINERS}|(?P<mark>{_MARKS})")


@cache
def _right_to_left() -> re.Pattern[str]:
    return re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def find_invisible(reading: Reading) -> Iterable[Fault]:
    text = reading.text
    if text.isprintable() and text.isascii():
        return
    for match in _invisible().finditer(text):
        if match["flag"] or (match["mark"] and _right_to_left().search(text.replace("\ufeff", ""))):
            continue
        names = " ".join(f"U+{ord(char):04X}" for char in match.group()[:4])
        yield Fault(match.start(), match.end(), f"invisible character {names}", "delete it")


@cache
def _broken() -> re.Pattern[str]:
    """UTF-8 read as Latin-1 or Windows-1252, once, and the sign for what could not be read."""
    tail = (
        "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    )
    return re.compile(
        f"(?:\u00e2{tail}{{2}}|\u00f0[\u0178\u009f]{tail}{{2}}|\u00ef[\u00b8\u00bb\u00bf]{tail}|\u00c3{tail}"
        "|\u00c2[\u00a0-\u00bf]|[\u0080-\u0084\u0086-\u009f]|\ufffd)+"
    )


def find_broken(reading: Reading) -> Iterable[Fault]:
    if reading.text.isascii():
        return
    for match in _broken().finditer(reading.text):
        yield Fault(
            match.start(),
            match.end(),
            f'"{match.group()}" looks like a character read in the wrong encoding',
            "type the character anew",
        )


RULES = (
    Rule(
        "text/empty",
        "error",
        "A sign-off alone answers nothing, and cannot be taken back.",
        find_empty,
        CheckRequest(text="On it! ^SB"),
        drafts("", "   \n ", "^SB", " ^SB "),
    ),
    Rule(
        "text/placeholder",
        "error",
        "A hole of a template shows the customer that nobody read the reply.",
        find_placeholders,
        CheckRequest(text="Hi Marta, part [1/2] of the answer: gate B12 is open. <3 ^SB"),
        drafts(
            "Hi {{ first_name }}, your bag is on its way. ^SB",
            "Hi [NAME], thanks for telling us. ^SB",
            "Dear <customer name>, the desk opens at six. ^SB",
            "Your flight is XXXX today. ^SB",
            "Hi {name}, we are on it. ^SB",
            "We will call you by [insert time]. ^SB",
        ),
    ),
    Rule(
        "text/invisible",
        "error",
        "Characters that nobody sees change what a text does: they hide words or turn their order.",
        find_invisible,
        CheckRequest(text="The 👨‍👩‍👧 seats are together, as you asked 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ^SB"),
        drafts(
            "Your gate is \u202e21B\u202c now. ^SB",
            "Please re\u200bfresh the app. ^SB",
            "\ufeffThe desk is open. ^SB",
            "Nor\u200dthline is glad to help. ^SB",
        ),
    ),
    Rule(
        "text/encoding",
        "warning",
        "Letters read in the wrong encoding make a careful reply look careless.",
        find_broken,
        CheckRequest(text="Señora Ruiz, the café at gate 3 is open – welcome, naïve or not! ^SB"),
        drafts(
            "Weâ€™re looking into it now. ^SB",
            "The fee is Â£20 for each bag. ^SB",
            "SeÃ±ora Ruiz, the bag is here. ^SB",
            "We\ufffdre on our way. ^SB",
        ),
    ),
)
