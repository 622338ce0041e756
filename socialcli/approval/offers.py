"""Whether what a text offers stays within what its author may offer unasked. Pure; in doubt it does not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import cache

from socialcli.data import text_of

_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD"))
_SIGNS = {"£": ("GBP",), "€": ("EUR",), "$": tuple(sorted(_DOLLARS)), "¥": ("JPY",)}
_NAMES = {
    "pound": ("GBP",), "pounds": ("GBP",), "quid": ("GBP",), "euro": ("EUR",), "euros": ("EUR",),
    "dollar": tuple(sorted(_DOLLARS)), "dollars": tuple(sorted(_DOLLARS)), "franken": ("CHF",), "francs": ("CHF",),
}  # fmt: skip
_CODES = (
    "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "INR", "JPY", "MXN", "NOK", "NZD", "PLN",
    "RON", "SEK", "SGD", "TRY", "USD", "ZAR",
)  # fmt: skip
_LONGEST = 20_000  # characters; no network takes more
_UNIT = rf"(?:[{''.join(_SIGNS)}]|\b(?:{'|'.join((*_CODES, *_NAMES))})\b)".lower()
_NUMBER = r"(?<![\w.,])\d{1,9}(?:[.,]\d{1,3}){0,3}"
_MORE = r"(?!\s?(?:k|m|mio|hundred|thousand|million|tausend|mil|mille|grand)\b)(?![\d%])"
# "£50", "GBP 50", "50 euros"; what multiplies the number makes it one that cannot be read.
_SUM = re.compile(
    rf"(?P<before>{_UNIT})\s?(?P<first>{_NUMBER}){_MORE}(?!\w)|(?P<second>{_NUMBER}){_MORE}\s?(?P<after>{_UNIT})"
)
# More than the sum itself: so much for each, several times, without an end.
_MULTIPLIED = re.compile(
    r"\b(?:each|every|per|apiece|(?<!\bin )(?<!within )an? (?:day|night|week|month|year|hour|head|person|passenger|piece|bag|seat)"
    r"|daily|nightly|weekly|monthly|hourly|yearly|twice|thrice|double|triple|times|at least|or more|minimum|in full"
    r"|pro|jeweils|je (?:tag|nacht|woche|monat|stunde|person|flug|ticket)|taglich|wochentlich|monatlich|doppelt"
    r"|dreifach\w*|mal|mindestens|cada|por (?:dia|noche|noite|semana|mes|hora|persona|pessoa)|al (?:dia|mes|menos)"
    r"|doble|dobro|veces|vezes|pelo menos|par (?:jour|nuit|semaine|mois|heure|personne)|chaque|chacune?|fois"
    r"|au moins|ogni|al giorno|a (?:testa|persona|notte)|doppio|triplo|volte|almeno)\b|[x\u00d7*]\s?\d|\d\s?[x\u00d7*]"
)
# Numbers in the same words that are no money: a clock time, a flight.
_NO_MONEY = re.compile(r"\b(?:\d{1,2}:\d\d|\d{1,2}\s?(?:am|pm|uhr)|[a-z]{2,}\d+)\b")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*|\b(?:hundred|thousand|million|tausend|mil|mille|grand|in full)\b")
_PARTS = re.compile(r"[.!?;:,]+(?=\s|$)|\n|\s(?:and|or|plus|und|oder|y|o|et|ou|e)\s|&|\+")


def is_covered(text: str, most: str, currency: str) -> bool:
    """Whether everything that the text offers has its sum, in ``currency``, and all of them together come to no
    more than ``most`` (decimal; "" = nothing may be offered).
    """
    if not most or len(text) > _LONGEST:
        return False
    total, found, plain = Decimal(0), False, _plain(text)
    if _MULTIPLIED.search(plain):
        return False
    for part in _PARTS.split(plain):
        sums, rest = _sums(part, currency)
        if sums is None or re.search(r"\d\s?%", rest) or (not sums and _offers(part)):
            return False
        if sums and re.search(r"\d", _NO_MONEY.sub("", rest)):
            return False  # "5 000", "20-5000": which of them is the sum?
        total += sum(sums, Decimal(0))
        found = found or bool(sums)
    return found and total <= Decimal(most)


def offers_more(text: str, than: str, currency: str) -> bool:
    """Whether a text names a number, a currency, or what multiplies them, that the text before it (``than``) does not
    name. A sum that is certainly no higher is none; in doubt it offers more.
    """
    before, now = _plain(than[:_LONGEST]), _plain(text[:_LONGEST])
    told = (_FIGURE, _MULTIPLIED, re.compile(_UNIT))
    if all(Counter(one.findall(now)) <= Counter(one.findall(before)) for one in told):
        return False
    sums = [_sums(part, currency)[0] or [] for part in _PARTS.split(before)]
    return not is_covered(text, str(sum(map(sum, sums), Decimal(0))), currency)


def _plain(text: str) -> str:
    """Small letters without accents, sides of numbers and signs as they are typed."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in apart if not unicodedata.combining(char))


def _sums(part: str, currency: str) -> tuple[list[Decimal] | None, str]:
    """The sums that a part of a sentence names, and what is left of it; None where one is in another currency."""
    sums, rest, last = [], [], 0
    for match in _SUM.finditer(part):
        if currency not in _currencies(match["before"] or match["after"]):
            return None, part
        sums.append(_amount(match["first"] or match["second"]))
        rest.append(part[last : match.start()])
        last = match.end()
    left = "".join((*rest, part[last:]))
    return (None, left) if re.search(_UNIT, left) else (sums, left)


def _currencies(unit: str) -> tuple[str, ...]:
    """The currencies that a sign, a code or a word may mean."""
    return _SIGNS.get(unit) or _NAMES.get(unit) or (unit.upper(),)


def _amount(number: str) -> Decimal:
    """Three digits behind a point or comma are thousands, else they are the cents."""
    whole, point, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", number).groups()  # type: ignore[union-attr]
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}.{cents}" if point else digits)


def _offers(part: str) -> bool:
    """Whether it offers something, by how its words begin."""
    return _offer().search(part.replace("feel free", "")) is not None


@cache
def _offer() -> re.Pattern[str]:
    lines = text_of("approval", "offers.txt").splitlines()
    stems = [re.escape(line) for line in lines if line and not line.startswith("#")]
    return re.compile(rf"\b(?:{'|'.join(stems)})")
