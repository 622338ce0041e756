"""The cheap look-ups before the patterns never keep a pattern from a text that it matches."""

from __future__ import annotations

import pytest

from socialcli.text.private import find_private

CUED = [
    ("D.O.B.: 12/03/1990", "birth-date"),
    ("dOb 12.03.1990", "birth-date"),
    ("BORN on 4 March 1988", "birth-date"),
    ("Fecha de Nacimiento: 12-03-1990", "birth-date"),
    ("GEBURTSDATUM 12.03.1990", "birth-date"),
    ("PASS WORD: hunter2!", "password"),
    ("contraseña: ab12cd", "password"),
    ("my PİN is 4711", "password"),
    ("clave 4711", "password"),
    ("RESERVATION: K4TZ9P1", "reference"),
    ("booking no. K4TZ9P1", "reference"),
    ("Vorgangsnummer: 4711888", "reference"),
    ("Referenz K4TZ9P1", "reference"),
    ("PNR K4TZ9P1", "reference"),
    ("pedido 4711888", "reference"),
    ("Acct: 12345678", "account"),
    ("A/C 12345678", "account"),
    ("D.N.I 12345678Z", "account"),
    ("paſsport 123456789", "account"),
    ("Kontonummer 12345678", "account"),
    ("078-05-1120", "account"),
    ("12 Mill Lane", "address"),
    ("12 mill lane", "address"),
    ("7 High St", "address"),
    ("AVDA. Constitución 14", "address"),
    ("HAUPTSTRASSE 12", "address"),
    ("Lindenallee 3", "address"),
    ("ZIP 90210", "address"),
    ("Post Code SW1A 1AA", "address"),
]


@pytest.mark.parametrize(("text", "kind"), CUED)
def test_every_cue_is_found_however_it_is_written(text: str, kind: str) -> None:
    assert kind in {span.kind for span in find_private(text, region="GB")}


@pytest.mark.parametrize("reference", ["A1BCD", "AB1CD", "ABC1D", "ABCD1", "AB-1C", "K4TZ9P1"])
def test_a_reference_is_found_wherever_its_digit_stands(reference: str) -> None:
    text = f"booking reference: {reference}, thanks"
    assert [text[span.start : span.end] for span in find_private(text, region="GB")] == [reference]


@pytest.mark.parametrize(
    "text", ["dob 1/2/90", "pin 123", "account 1 - 2 34", "a@b.example", "GB82WEST12345698765432"]
)
def test_the_shortest_forms_pass_the_counts_of_digits(text: str) -> None:
    assert find_private(text, region="GB")
