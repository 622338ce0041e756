"""Private data that proves itself by its own form: e-mail, card (Luhn), IBAN (mod 97), phone (number plan)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from socialcli.model.assessment import PrivateSpan

_IBAN_LENGTHS = range(15, 35)
# ISO/IEC 7812: number of digits -> first digits that payment cards of that length have; longer ones as 16.
_CARD_FIRST_DIGITS = {13: "4", 14: "3", 15: "3", 16: "23456"}
_PHONE_DIGITS = range(7, 16)  # E.164: at most 15
# With fewer digits in the whole text there is none, and most texts that hold a digit hold one to four.
CARD_DIGITS, PHONE_DIGITS = min(_CARD_FIRST_DIGITS), _PHONE_DIGITS.start
_LONGEST_PHONE = 60  # characters of a digit run, two numbers and what stands between them

# Bounded or possessive repetitions behind a look-behind: each is tried once per token, so all are linear.
_EMAIL = re.compile(r"(?<![\w.+%@-])[\w.+%-]{1,64}@[^\W_][\w-]{0,62}(?>(?:\.[^\W_][\w-]{0,62})+)(?![\w@])")
# The same in words, "ana dot ruiz at post dot example" or "ana(at)post.example"; a bare "look at x dot y" is none.
_SPELLED = re.compile(
    r"(?<![\w.+%@-])(?:[^\W\d_][\w+%-]{0,39}(?:(?: dot |\.)[\w+%-]{1,40}){1,3} at (?=[\w-]{1,60} dot )"
    r"|[\w.+%-]{1,64} ?[(\[]at[)\]] ?)[^\W_][\w-]{0,60}(?:(?: dot | ?[(\[]dot[)\]] ?|\.)[^\W\d_]{2,20}){1,3}(?!\w)",
    re.IGNORECASE,
)
# The sign of an address that could be; cheap to look for, and in most texts every @ begins a handle.
_AT = re.compile(r"@(?<=[\w.+%-]@)")
_CARD = re.compile(
    r"(?<![\w.,])(?:\d{13,19}|\d{4}(?P<gap>[ \xa0-])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?:(?P=gap)\d{3})?"
    r"|\d{4}(?P<amex>[ \xa0-])\d{6}(?P=amex)\d{4,5})(?!\w)"
)
_IBAN = re.compile(
    r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[A-Za-z0-9]{11,30}|(?:[ \xa0-][A-Za-z0-9]{4}){2,7}(?:[ \xa0-][A-Za-z0-9]{1,3})?)"
    r"(?![^\W_])"
)
_IBAN_BEGINS = re.compile(r"\d\d(?<=(?<![^\W_])[A-Za-z]{2}\d\d)")  # the digits first: found fast
_DIGIT_RUN = re.compile(r"(?<![\w#£$€.,])[+(]{0,2}\d(?>(?:[ ()./\xa0-]{0,3}\d){6,})(?:x\d{1,6})?(?![\w%£$€])")
_PHONE_CUE = re.compile(
    r"\b(?:(?:phone|mobile|contact|cell|telephone|whatsapp|my|our) (?:number|no)\b|phone|mobile|mob|cell|tel(?:e(?:phone|fon[eo]))?"
    r"|móvil|teléfono|handy|rufnummer|whatsapp|(?:call|ring|text|reach|answering)(?: me| us)?(?: back)?(?: on| at)?)"
    r"\b[^\d\n]{0,15}$",
    re.IGNORECASE,
)
_USE = re.compile(r"[ -]{0,2}(?:\()?(?:office|mobile|cell|home|work|fax|handy|móvil)\b", re.IGNORECASE)
_NO_PHONE = re.compile(  # a date, an IP address
    r"(?<!\d)(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d)(?!\d)|^\d{1,3}(?:\.\d{1,3}){3}$"
)
_CUE_REACH = 48  # characters before a number in which a cue is looked for


def emails(text: str) -> Iterator[PrivateSpan]:
    if _AT.search(text) is None:
        return
    for match in _EMAIL.finditer(text):
        if match.group().rpartition(".")[2].isalpha():  # a top-level domain, not the end of 10.0.0.1
            yield PrivateSpan("email", *match.span())


def spells_an_email(text: str) -> bool:
    """Quick to tell, and of nearly all texts no."""
    return " dot " in text or "at)" in text or "at]" in text


def spelled_emails(text: str) -> Iterator[PrivateSpan]:
    if spells_an_email(text):
        for match in _SPELLED.finditer(text):
            yield PrivateSpan("email", *match.span())


def cards(text: str) -> Iterator[PrivateSpan]:
    for match in _CARD.finditer(text):
        digits = _digits(match.group())
        if digits[0] in _CARD_FIRST_DIGITS[min(len(digits), 16)] and _luhn(digits):
            yield PrivateSpan("card", *match.span())


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def ibans(text: str) -> Iterator[PrivateSpan]:
    if _IBAN_BEGINS.search(text) is None:
        return
    for match in _IBAN.finditer(text):
        end = _iban_end(match.group())
        if end:
            yield PrivateSpan("iban", match.start(), match.start() + end)


def _iban_end(candidate: str) -> int:
    """Where the IBAN at the start of ``candidate`` ends, 0 if it is none: the next word may look like its
    last group.
    """
    ends = [len(candidate), *(match.start() for match in reversed(list(_GAP.finditer(candidate))))]
    for end in ends:
        compact = _GAP.sub("", candidate[:end]).upper()
        if len(compact) in _IBAN_LENGTHS and _mod_97(compact) and _known_iban(compact):
            return end
    return 0


_GAP = re.compile(r"[ \xa0-]")


def _mod_97(compact: str) -> bool:
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def _known_iban(compact: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(compact, check_country=False))


def phones(text: str, region: str) -> Iterator[PrivateSpan]:
    """Numbers of the number plan of ``region`` or with a country code; beside a cue ("call me on") any."""
    for match in _DIGIT_RUN.finditer(text):
        run, start = match.group(), match.start()
        if len(run) > _LONGEST_PHONE or _NO_PHONE.search(run):
            continue
        found = _in_number_plan(run, region)
        if not found and len(_digits(run)) in _PHONE_DIGITS and _told(text, start, match.end()):
            found = ((0, len(run)),)
        for first, last in found:
            yield PrivateSpan("phone", start + first, start + last)


@functools.lru_cache(maxsize=1024)
def _in_number_plan(run: str, region: str) -> tuple[tuple[int, int], ...]:
    """What starts like a dialled number (+ or 0) need only have a possible length, since plans change; other
    digits must be a number that can be in use.
    """
    from phonenumbers import Leniency, PhoneNumberMatcher

    leniency = Leniency.POSSIBLE if run.lstrip("(")[0] in "+0" else Leniency.VALID
    return tuple((match.start, match.end) for match in PhoneNumberMatcher(run, region, leniency))


def _told(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _CUE_REACH) : start]
    return _PHONE_CUE.search(before) is not None or _USE.match(text, end) is not None


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
