"""What a customer can be asked for, in the languages that templates ship in: "your order number", "su número de
pedido". Each bears its own word for "your", since German and French bend it.
"""

from __future__ import annotations

from collections.abc import Sequence

_AND = {"en": "and", "es": "y", "de": "und", "fr": "et"}
FURTHER = "any further details"
_YOUR: dict[str, dict[str, str]] = {
    "e-mail address": {
        "es": "su correo electrónico", "de": "Ihre E-Mail-Adresse", "fr": "votre adresse e-mail",
    },
    "phone number": {
        "es": "su número de teléfono", "de": "Ihre Telefonnummer", "fr": "votre numéro de téléphone",
    },
    "mobile number": {
        "es": "su número de móvil", "de": "Ihre Handynummer", "fr": "votre numéro de portable",
    },
    "postal address": {
        "es": "su dirección postal", "de": "Ihre Postanschrift", "fr": "votre adresse postale",
    },
    "order number": {
        "es": "su número de pedido", "de": "Ihre Bestellnummer", "fr": "votre numéro de commande",
    },
    "booking reference": {
        "es": "su código de reserva", "de": "Ihren Buchungscode", "fr": "votre référence de réservation",
    },
    "full name": {
        "es": "su nombre completo", "de": "Ihren vollständigen Namen", "fr": "votre nom complet",
    },
    "flight number": {
        "es": "su número de vuelo", "de": "Ihre Flugnummer", "fr": "votre numéro de vol",
    },
    FURTHER: {
        "es": "los demás datos", "de": "die weiteren Angaben", "fr": "les autres précisions utiles",
    },
}  # fmt: skip


def asked_for(names: Sequence[str], language: str) -> str | None:
    """The English names with "your", as the object of a sentence in this language: ``your order number and e-mail
    address``. None where one of them has no translation, as with words that an agent typed.
    """
    if language == "en":
        return _joined(names, "en") if names[0] == FURTHER else f"your {_joined(names, 'en')}"
    said = [_YOUR.get(name, {}).get(language) for name in names]
    found = [one for one in said if one is not None]
    return _joined(found, language) if len(found) == len(said) else None


def _joined(words: Sequence[str], language: str) -> str:
    return f" {_AND[language]} ".join(filter(None, (", ".join(words[:-1]), words[-1])))
