"""What a customer is asked for when a conversation moves, in readable words; what nobody may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from socialcli.errors import RefusedError, UsageError


class Field(Struct, frozen=True):
    """Something that the customer is asked for: in readable words, and its kind of private data, if it is one."""

    words: str
    kind: str | None = None


_FIELDS = {
    "email": "e-mail address", "e-mail": "e-mail address", "mail": "e-mail address",
    "email address": "e-mail address", "phone": "phone number", "mobile": "mobile number",
    "telephone": "phone number", "address": "postal address", "order": "order number",
    "booking": "booking reference", "reference": "booking reference", "pnr": "booking reference",
    "name": "full name", "flight": "flight number",
}  # fmt: skip
_KINDS = {
    "e-mail address": "email", "phone number": "phone", "mobile number": "phone", "postal address": "address",
    "order number": "reference", "order reference": "reference", "booking reference": "reference",
    "booking number": "reference", "booking code": "reference", "date of birth": "birth-date",
}  # fmt: skip
# What pays and what opens an account: whoever has it can rob the customer.
_SECRET = re.compile(
    r"\b(?:(?:debit|credit|bank)?[ -]?cards?|card ?numbers?|cc|cvv2?|cvc2?|csc|expiry(?: date)?|iban|sort code"
    r"|bank (?:account|details)|account details|pass ?(?:word|code|phrase)s?|pwd|pins?|otp|2fa|tan$"
    r"|(?:one[ -]?time|security|verification|login|log-in|sms|access|authenti\w{1,12}|recovery|backup|pin) codes?"
    r"|log-?ins?|credentials|security (?:questions?|answers?)|secrets?"
    r"|kreditkarten?\w{0,10}|kartennummer|prüfziffer|passwort|kennwort|kontonummer|sicherheitscode"
    r"|tarjeta|contraseña|clave|código de seguridad|carte (?:bancaire|bleue|de crédit)|mot de passe)\b",
    re.IGNORECASE,
)
# A card, or an expiry, of another kind.
_NO_SECRET = re.compile(
    r"\b(?:boarding|loyalty|membership|member|frequent[ -]?fl[iy]er|bonus|gift|business|library|sim|identity|id"
    r"|passport|voucher)[ -](?:cards?|expiry(?: date)?)\b|\btarjeta de embarque\b",
    re.IGNORECASE,
)


def parse_fields(text: str) -> tuple[Field, ...]:
    """``--ask``: fields parted by commas. Raises UsageError if there are none, RefusedError for what nobody may
    ask for.
    """
    fields: dict[str, Field] = {}
    for part in text.split(","):
        word = re.sub(r"^(?:your|the) ", "", " ".join(part.split()), flags=re.IGNORECASE)
        if _SECRET.search(_NO_SECRET.sub(" ", word)):
            raise RefusedError(
                f'"{word}" is asked for nowhere: not in public, not in a direct message',
                hint="no chat and no phone call is fit for it either. It is never needed: ask for the last purchase "
                "or a reference instead",
            )
        if word:
            words = _FIELDS.get(word.casefold(), word)
            fields[words] = Field(words, _KINDS.get(words.casefold()))
    if not fields:
        raise UsageError("--ask: name what you need", hint='such as --ask "order number,email"')
    return tuple(fields.values())


def in_words(fields: Iterable[Field], whose: str = "your") -> str:
    """``your order number and e-mail address``."""
    names = [field.words for field in fields]
    return f"{whose} " + (" and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0])
