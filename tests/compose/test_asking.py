"""What a customer is asked for, in their language."""

from __future__ import annotations

import pytest

from socialcli.compose.asking import FURTHER, asked_for


@pytest.mark.parametrize(
    ("names", "language", "words"),
    [
        (["order number"], "en", "your order number"),
        (["order number", "e-mail address"], "en", "your order number and e-mail address"),
        (
            ["order number", "full name", "flight number"],
            "en",
            "your order number, full name and flight number",
        ),
        (["order number", "e-mail address"], "es", "su número de pedido y su correo electrónico"),
        (["booking reference", "flight number"], "de", "Ihren Buchungscode und Ihre Flugnummer"),
        (
            ["booking reference", "full name", "flight number"],
            "fr",
            "votre référence de réservation, votre nom complet et votre numéro de vol",
        ),
        ([FURTHER], "en", "any further details"),
        ([FURTHER], "de", "die weiteren Angaben"),
        (["seat number"], "en", "your seat number"),
    ],
)
def test_in_words(names: list[str], language: str, words: str) -> None:
    assert asked_for(names, language) == words


@pytest.mark.parametrize(("names", "language"), [(["seat number"], "es"), (["order number"], "pl")])
def test_what_has_no_translation_is_not_made_up(names: list[str], language: str) -> None:
    assert asked_for(names, language) is None
    assert asked_for(["order number", *names], language) is None
