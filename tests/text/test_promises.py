"""By when a text promises something."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from socialcli.text.promises import promised_in

SINCE = datetime(2026, 11, 20, 10, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("More by 10:36.", "10:36"),
        ("More BY 10.36", "10:36"),
        ("By 10:06 we know more", "10:06"),
        ("News by 4pm", "16:00"),
        ("News by 12:30 a.m.", "00:30"),
        ("News before 11:15 today (London time).", "11:15"),
        ("First by 12:00, at the latest by 11:00.", "11:00"),
        ("Mehr bis 10:36 Uhr.", "10:36"),
        ("Más antes de las 17:00", "17:00"),
        ("La suite d’ici 17h30", "17:30"),
        ("More by 09:00", "09:00"),
        ("The 09:30 flight is cancelled", None),
        ("By 20 people", None),
        ("By 24:00", None),
        ("More by 10:36 tomorrow", None),
        ("More by 10:36 on 21 November", None),
        ("Standby 10:36", None),
        ("", None),
    ],
)
def test_what_is_promised(text: str, promised: str | None) -> None:
    found = promised_in(text, SINCE, "Europe/London")
    assert (f"{found:%H:%M}" if found else None) == promised
    assert found is None or 0 <= (found - SINCE.replace(second=0)).total_seconds() < 86400


def test_the_hour_is_that_of_the_brand() -> None:
    found = promised_in("More by 11:36.", SINCE, "Europe/Berlin")
    assert found == datetime(2026, 11, 20, 10, 36, tzinfo=UTC)


def test_a_megabyte_is_read_in_no_time() -> None:
    start = time.process_time()
    for text in ("by " * 350_000, "by 1" * 250_000):
        promised_in(text, SINCE, "UTC")
    assert time.process_time() - start < 5
