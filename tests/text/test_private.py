from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcli.model.assessment import PrivateSpan
from socialcli.text.private import find_private, mask

REFERENCES = (r"\bNL[0-9]{8}\b", r"\b[A-Z0-9]{6}\b")


def found(text: str, region: str = "GB", contacts: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    spans = find_private(text, region=region, contacts=contacts)
    return [(span.kind, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to anna.poe+trips@mail.example.com.", [("email", "anna.poe+trips@mail.example.com")]),
        ("it is josé@peña.es. Is it you?", [("email", "josé@peña.es")]),
        (
            "to rosa dot quill at letterbox dot example today",
            [("email", "rosa dot quill at letterbox dot example")],
        ),
        ("rosa_q(at)letterbox.example", [("email", "rosa_q(at)letterbox.example")]),
        ("rosa [at] letterbox [dot] example, yes", [("email", "rosa [at] letterbox [dot] example")]),
        ("card 4111 1111 1111 1111 12/27", [("card", "4111 1111 1111 1111")]),
        ("4111-1111-1111-1111", [("card", "4111-1111-1111-1111")]),
        ("5555555555554444", [("card", "5555555555554444")]),
        ("Amex 3782 822463 10005", [("card", "3782 822463 10005")]),
        ("to GB33 BUKB 2020 1555 5555 55 please", [("iban", "GB33 BUKB 2020 1555 5555 55")]),
        ("iban de89370400440532013000, thanks", [("iban", "de89370400440532013000")]),
        ("DE89 3704 0044 0532 0130 00 and so on", [("iban", "DE89 3704 0044 0532 0130 00")]),
    ],
)
def test_what_proves_itself(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("ring 020 7946 0958 or +44 7700 900123.", "GB", ["020 7946 0958", "+44 7700 900123"]),
        ("07911 123456 whenever", "GB", ["07911 123456"]),
        ("(415) 555-2671 is mine", "US", ["(415) 555-2671"]),
        ("llamad al 612 345 678", "ES", ["612 345 678"]),
        ("+34 612 345 678", "GB", ["+34 612 345 678"]),
        ("my number is 555-0142", "GB", ["555-0142"]),
        ("8123 4567 (mobile)", "GB", ["8123 4567"]),
        ("8123 4567 miles", "GB", []),
        ("612 345 678 points", "GB", []),
    ],
)
def test_phones_are_read_as_in_the_region(text: str, region: str, expected: list[str]) -> None:
    assert found(text, region) == [("phone", number) for number in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my booking reference is X7K2LM, help", [("reference", "X7K2LM")]),
        ("ref: nlx482", [("reference", "nlx482")]),
        ("PNR X7K2LM please", [("reference", "X7K2LM")]),
        ("booking number 48213377 never arrived", [("reference", "48213377")]),
        ("case #8120034", [("reference", "8120034")]),
        ("bag tag NL482913 lost", [("reference", "NL482913")]),
        ("localizador: QX4T7Z", [("reference", "QX4T7Z")]),
        ("account number 12345678", [("account", "12345678")]),
        ("sort code 12-34-56", [("account", "12-34-56")]),
        ("frequent flyer no. 1234567890", [("account", "1234567890")]),
        ("123-45-6789", [("account", "123-45-6789")]),
        ("my password is Tiger$42 ok?", [("password", "Tiger$42")]),
        ("Passwort lautet Sommer2026!", [("password", "Sommer2026")]),
        ("my pin: 4821", [("password", "4821")]),
        ("the code is 481516", [("password", "481516")]),
        ("born on 4 March 1985 in York", [("birth-date", "4 March 1985")]),
        ("DOB: 04/03/1985", [("birth-date", "04/03/1985")]),
        ("date of birth is March 4th, 1985", [("birth-date", "March 4th, 1985")]),
        ("fecha de nacimiento: 4 de marzo de 1985", [("birth-date", "4 de marzo de 1985")]),
        ("at 12 High Street, Leeds LS1 4AB", [("address", "12 High Street, Leeds LS1 4AB")]),
        ("221B Baker Street", [("address", "221B Baker Street")]),
        ("we moved to 12 high street", [("address", "12 high street")]),
        ("1600 Harbor View Dr", [("address", "1600 Harbor View Dr")]),
        ("vivo en Calle de la Rosa 12", [("address", "Calle de la Rosa 12")]),
        ("Lindenstraße 12a", [("address", "Lindenstraße 12a")]),
        ("Bahnhofstr. 5, 80331 München", [("address", "Bahnhofstr. 5, 80331 München")]),
        ("postcode is LS1 4AB", [("address", "postcode is LS1 4AB")]),
    ],
)
def test_what_a_cue_gives_away(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet us at northline dot example, from 9.30 at northline dot example (at the desk)",
        "my password is wrong, my card was charged twice and nobody called",
        "@NorthlineAir @cust1_77 hello",
        "@sam@social.example 2 questions",
        "https://nrth.example/4111111111111111?mail=1 and nrth.example/07911123456",
        "flight NL123 on 12/11/2026 at 14:30, 3 bags, £1,234.56",
        "2026-11-20 10:05:33 and 20.11.2026",
        "NL1234 AMS to LHR, gate 23B, seat 14C, 35000 feet, 300000 people since 1985",
        "from 10:05-12:30, then 2026-2027",
        "4111 1111 1111 1112 is one off",
        "9111111111111111 starts like no card",
        "GB33 BUKB 2020 1555 5555 56 is one off",
        "ping 192.168.100.200",
        "I booked 3 tickets for 2026 and order 2 coffees",
        "order 24hours ahead, ticket 2026, case 20 minutes",
        "order number is 12 days late",
        "reference number 2026-11-20",
        "error code 500123, promo code 20202020",
        "my password is not working for 3 days",
        "I was born in 1985",
        "3 miles down the road, 1 hour drive, 2nd place, 12 rows",
        "I called a 3rd time, plaza 5",
        "10,000 20,000 30,000 points, $2065551234",
    ],
)
def test_what_is_nobodys_secret(text: str) -> None:
    assert found(text) == []


def test_references_of_the_brand_need_a_digit() -> None:
    text = "NL48291337 and X7K2LM but not PLEASE"
    spans = find_private(text, region="GB", references=REFERENCES)
    assert [(span.kind, text[span.start : span.end]) for span in spans] == [
        ("reference", "NL48291337"),
        ("reference", "X7K2LM"),
    ]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("call 020 7946 0958", "+44 20 7946-0958"),
        ("call +44 20 7946 0958", "02079460958"),
        ("write to Help@Northline.example.com", "help@northline.example.com"),
        ("write to help (at) northline dot example", "help@northline.example"),
        ("at 12 Harbour Street", "12 Harbour Street"),
    ],
)
def test_contacts_of_the_brand_are_never_found(text: str, contact: str) -> None:
    assert found(text)
    assert found(text, contacts=(contact,)) == []


def test_a_short_contact_hides_no_longer_number() -> None:
    assert found("07911 123456", contacts=("456",)) == [("phone", "07911 123456")]


def test_spans_are_in_order_and_apart() -> None:
    text = "order 4111111111111111 or ref: X7K2LM, phone 07911 123456, sam@northline.example.com"
    assert [kind for kind, _ in found(text)] == ["card", "reference", "phone", "email"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("card 4111 1111 1111 1111.", "card •••• 1111."),
        ("to GB33BUKB20201555555555", "to •••• 5555"),
        ("call 07911 123456 now", "call •••• 456 now"),
        ("sam@northline.example.com", "s•••@…"),
        ("ref: X7K2LM", "ref: •••• LM"),
        ("ref: A1234", "ref: ••••"),
        ("my password is Tiger$42", "my password is ••••"),
        ("born 04/03/1985", "born ••••"),
        ("12 High Street", "••••"),
        ("nothing here", "nothing here"),
    ],
)
def test_mask(text: str, hidden: str) -> None:
    assert mask(text, find_private(text, region="GB")) == hidden


def test_mask_keeps_what_stands_between() -> None:
    spans = (PrivateSpan("password", 2, 4), PrivateSpan("address", 4, 6))
    assert mask("a 1122 b", spans) == "a •••••••• b"


@given(st.text(alphabet="aB1 2@.:-/+(#é日\n", max_size=80) | st.text(max_size=80))
def test_any_text_gives_sound_spans(text: str) -> None:
    end = 0
    for span in find_private(text, region="US", references=REFERENCES):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@given(st.integers(min_value=10**13, max_value=10**14 - 1))
def test_one_last_digit_in_ten_makes_a_card(body: int) -> None:
    numbers = [f"4{body}{last}" for last in range(10)]
    assert sum(found(number) == [("card", number)] for number in numbers) == 1


HOSTILE = {
    "digits": "1" * 1_000_000,
    "groups": "1234 " * 100_000,
    "ones": "1 " * 250_000,
    "near cards": "4111 1111 1111 1112 " * 25_000,
    "near ibans": "GB12 " * 100_000,
    "one iban": "GB12" + "A" * 500_000,
    "at signs": "a@" * 250_000 + "1",
    "host of dots": "a@" + "b." * 250_000 + "1",
    "dots": "1." * 250_000,
    "dots in words": "a dot " * 160_000 + "at b",
    "signs in words": "a.b at b dot " * 70_000,
    "brackets with at": "a [at] " * 140_000,
    "one word": "1 " + "A" * 500_000,
    "words": "1 Aaaa " * 70_000,
    "streets": "calle " + "a " * 250_000 + "1",
    "spaces": "born" + " " * 500_000 + "1",
    "cues": "ref number: " * 40_000 + "1",
    "secrets": 'password: "' * 45_000 + "1",
    "brackets": "(" * 500_000 + "1",
    "phones": "+44 20 7946 0958, " * 25_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_linear_time(text: str) -> None:
    # Ten seconds is far above what any takes (under two) and far below what a quadratic search would.
    started = time.process_time()
    mask(text, find_private(text, region="GB", references=REFERENCES, contacts=("+44 20 7946 0000",)))
    assert time.process_time() - started < 10
