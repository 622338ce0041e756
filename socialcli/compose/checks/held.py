"""What the thread and the card already hold of the things that agents ask for. Pure; every pattern is linear."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.words import plain
from socialcli.text.private import find_private

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_READ = 10_000  # code points of a thread in which things are looked for: the newest

# Key of a card -> the thing it is.
CARD_KEYS = {
    "reference": (
        "order",
        "booking",
        "reference",
        "ref",
        "pnr",
        "ticket",
        "case",
        "tracking",
        "reservation",
        "locator",
        "parcel",
    ),
    "email": ("email", "mail"),
    "phone": ("phone", "tel", "telephone", "mobile", "cell"),
    "name": ("name", "surname", "customer"),
    "flight": ("flight",),
    "address": ("address", "postcode", "zip", "street"),
    "date": ("date", "day"),
    "place": ("airport", "store", "station", "branch", "location", "city", "from"),
    "device": ("device", "model"),
    "version": ("version", "os", "system"),
    "product": ("product", "item", "plan", "tariff"),
    "seat": ("seat",),
    "size": ("size",),
    "colour": ("colour", "color"),
    "channel": ("prefers", "channel", "contact"),
}

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_DAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_OTHER_DAYS = "hoy|ayer|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo|heute|gestern|morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|hier|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd"
_DATE = (
    rf"\b(?:{_DAY}|{_OTHER_DAYS}|today|yesterday|tonight|tomorrow|last night|this morning|this afternoon|this evening)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?:{_MONTH})\b|\b(?:{_MONTH})\.? \d{{1,2}}\b"
    r"|\b\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?\b|\b\d{4}-\d\d-\d\d\b|\bon the \d{1,2}(?:st|nd|rd|th)\b"
    r"|\b(?:a|one|two|three|four|five|six|\d+) (?:day|week|month)s? ago\b|\blast (?:week|month)\b"
)
_REFERENCE = (
    r"\b(?:order|booking|reservation|confirmation|reference|ref|pnr|case|ticket|tag|tracking|locator|parcel|claim|pedido|reserva|localizador|bestell\w*|buchung\w*"
    r"|auftrag\w*|commande|dossier|encomenda|ordine|prenotazione)\b(?: ?(?:number|numero|nummer|no|nr|num|code|id|ref|reference|is|was|it's|es|ist|est)){0,3}"
    r"[ .:#=(-]{0,4}(?=[a-z-]{0,8}\d)[a-z0-9][a-z0-9-]{3,20}\b"
)
_DEVICE = (
    r"\b(?:iphone ?(?:\d+\w*|x\w?|se)|(?:ipad|galaxy|pixel|surface|xperia|moto|huawei|nokia|xiaomi|redmi|oneplus|samsung|macbook|thinkpad|kindle) (?:\w+ )?\w{0,6}\d\w{0,6}"
    r"|xbox (?:one|360|series) ?\w?|ps[345]|macbook (?:air|pro)|chromecast|fire ?stick|nintendo switch|hub \d|model \w{0,6}\d\w{0,6}|[a-z]{2,4}-\d{2,5})\b"
)
_VERSION = r"\b(?:ios|android|windows|macos|version|v|app|firmware|os)\W{0,2}(?:version )?\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+\b"
_COLOURS = "black|white|red|blue|green|grey|gray|silver|gold|pink|purple|yellow|orange|brown|beige|navy|turquoise|cream|teal"
_COUNT = "two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}"

_PATTERNS = {
    "reference": _REFERENCE,
    "date": _DATE,
    "time": r"\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m|p\.m|uhr|h\b)|\b\d{1,2}:\d\d\b|\b(?:at|around|about) (?:noon|midnight)\b",
    "duration": rf"\b(?:{_COUNT}|a|an|half an|couple of|few|over an|several)(?: (?:more|full|whole|and a half|bloody|solid|straight)){{0,3}} (?:min|mins|minute|hour|hr|hrs|day|week|month|year)s?\b|\bsince (?:{_DAY}|yesterday|last|this|\d|noon|midnight)|\ball (?:day|week|night|morning)\b",
    "device": _DEVICE,
    "version": _VERSION,
    "browser": r"\b(?:chrome|safari|firefox|edge|opera|brave)\b",
    "colour": rf"\b(?:{_COLOURS})\b",
    "size": r"\bsize[ :]\w+|\b(?:small|medium|large|x-?large|xxl|xl)\b|\b\d{1,2}(?:\.5)? ?(?:uk|eu|us)\b|\b\d+ ?(?:cm|inch|ml|litre|kg)\b",
    "seat": r"\b(?:seat|row|sitz|asiento) ?\w?\d{1,2}[a-k]?\b|\b\d{1,2}[a-k]\b(?= |[.,!?]|$)",
    "amount": r"[£$€] ?\d|\b\d+(?:[.,]\d\d)? ?(?:£|\$|€|eur|euros?|pounds?|quid|dollars?|bucks|gbp|usd|pence)",
    "people": rf"\b(?:party of|family of|group of|table for|room for) (?:{_COUNT})\b|\b(?:{_COUNT}) (?:of us|people|adults|guests|passengers|kids|children)\b|\bwe (?:are|were) (?:{_COUNT})\b",
    "product": r"\b(?:ordered|bought|purchased) (?:a|an|the|some|two|three|my|your|these|this|\d{1,3}) [a-z]{3,}|\b(?:the|my|a|an|these|your) [a-z]{3,}(?: [a-z]{3,})? (?:that )?(?:i|we) (?:ordered|bought|had|got|purchased)\b",
    "picture": r"\b(?:photos?|pictures?|pics?|screenshots?|image|foto|captura)\b.{0,40}\b(?:attached|below|here|above|sent|added|posted)\b|\b(?:attached|here is|here's|here are|sent|sending|added|posted|uploaded)\b.{0,25}\b(?:photos?|pictures?|pics?|screenshots?|image|foto)\b|pic\.twitter\.com",
    "address": r"\b[a-z]{1,2}\d[a-z0-9]? ?\d[a-z]{2}\b|\b(?:postcode|zip(?: code)?|plz) ?(?:is )?:? ?[a-z0-9]{4,}",
}  # fmt: skip

PRIVATE = frozenset(("reference", "email", "phone", "address"))
# A name with a capital behind a word of place: "at Heathrow", "your Leeds store".
_PLACE = r"\b(?:[Aa]t|[Ii]n|[Ff]rom|[Nn]ear|[Oo]utside|[Ll]eaving|[Yy]our|[Tt]he|[Ee]n|[Bb]ei|à) (?:the )?(?!(?:I|The|My|And|No|DM|UK|EU|US|App|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)(?:day|uary|ruary|ust|ember|ober|nesday)?\b)[A-ZÄÖÜÉ][\w'-]{2,}"
_NAME = (
    r"\b(?:(?:[Mm]y|[Tt]he) (?:full |sur|last )?name(?: is|'s|’s)|[Nn]ame:|(?:in|under) the name(?: of)?|[Bb]ooked (?:under|as|for)(?: M\w{1,3}\.?)?"
    r"|[Mm]e llamo|[Mm]i nombre es|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Jj]e m['’]appelle|[Mm]on nom est|[Mm]eu nome é|[Mm]i chiamo) ?[^\W\d_]{2,}"
    r"|\b(?:[Ii]t['’]?s|[Tt]his is|I['’]?m|I am) (?:M\w{1,3}\.? )?[A-Z][a-z]{1,20} (?:[A-Z][a-z]{1,20}|here|from)\b"
    r"|\b(?:[Rr]egards|[Cc]heers|[Ss]incerely|[Tt]hanks|[Gg]rüße|[Ss]aludos),? [A-Z][a-z]{1,20} [A-Z][a-z]{1,20}\b"
)
_FLIGHT = (
    r"\b[A-Za-z]{2}\d{2,4}\b(?![.,]\d| ?\d[A-Za-z]{2}\b)|\b[A-Z]{2} \d{2,4}\b(?! ?\d[A-Z]{2}\b)"
    r"|\b(?:[Ff]light|[Tt]rain|[Vv]uelo|[Ff]lug|[Vv]ol|[Vv]oo) (?:number |no\.? ?)?\w{0,2}\d{2,4}\b"
)
_TROUBLE = 22  # words of a customer that tell what is the matter


def holds(reading: Reading, thing: str) -> str | None:
    """What of ``thing`` the card or the customer's messages hold, as written; None if nothing."""
    return _on_card(reading.request.card, thing) or _in_thread(reading, thing)


def _on_card(card: dict[str, str], thing: str) -> str | None:
    wanted = CARD_KEYS.get(thing, ())
    for key, value in card.items():
        parts = re.split(r"[^a-z]+", plain(key).replace("e-mail", "email"))
        if value.strip() and any(part in wanted for part in parts):
            return value
    return None


def _in_thread(reading: Reading, thing: str) -> str | None:
    said = reading.said_by_customer
    if not said:
        return None
    special = _SPECIAL.get(thing)
    if special is not None:
        return special(reading, said)
    if thing in PRIVATE and (found := _private(reading, said, thing)):
        return found
    pattern = _compiled().get(thing)
    match = pattern.search(plain(said)) if pattern else None
    return match.group().strip() if match else None


def _private(reading: Reading, said: str, thing: str) -> str | None:
    policy = reading.policy
    spans = find_private(
        said, region=policy.brand.region, references=policy.triage.references, contacts=policy.brand.contacts
    )
    return next((said[span.start : span.end] for span in spans if span.kind == thing), None)


def _as_written(pattern: Callable[[], re.Pattern[str]]) -> Callable[[Reading, str], str | None]:
    """Looks for something in which capitals count."""

    def find(_reading: Reading, said: str) -> str | None:
        match = pattern().search(said)
        return match.group() if match else None

    return find


def _trouble(reading: Reading, _said: str) -> str | None:
    """What is the matter, once it is told at some length."""
    whose = (reading.customer or "").casefold()
    for one in reading.request.thread:
        words = [word for word in one.text[:_READ].split() if word[0] not in "@#"]
        if one.direction == "inbound" and one.author.handle.casefold() == whose and len(words) >= _TROUBLE:
            return " ".join(words[:6])
    return None


@cache
def _place() -> re.Pattern[str]:
    return re.compile(_PLACE)


@cache
def _flight() -> re.Pattern[str]:
    return re.compile(_FLIGHT)


@cache
def _name() -> re.Pattern[str]:
    return re.compile(_NAME)


_SPECIAL: dict[str, Callable[[Reading, str], str | None]] = {
    "place": _as_written(_place),
    "flight": _as_written(_flight),
    "name": _as_written(_name),
    "problem": _trouble,
}


@cache
def _compiled() -> dict[str, re.Pattern[str]]:
    return {thing: re.compile(pattern) for thing, pattern in _PATTERNS.items()}
