"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialcli.text.said_times import said_time

NOW = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [
        ("en", "16:05", "16:05 on 4 March"),
        ("es", "16:05", "16:05 del 4 de marzo"),
        ("de", "16:05 Uhr", "4. März, 16:05 Uhr"),
        ("fr", "16h05", "16h05 le 4 mars"),
        ("pl", "16:05", "16:05 on 4 March"),
    ],
)
def test_in_the_language_of_the_text_with_the_date_where_it_is_far(
    language: str, near: str, far: str
) -> None:
    assert said_time(NOW + timedelta(hours=6), NOW, "Europe/London", language) == near
    assert said_time(NOW + timedelta(days=2, hours=6), NOW, "Europe/London", language) == far


def test_on_the_clocks_of_the_brand() -> None:
    assert said_time(NOW, NOW, "America/New_York") == "05:05"
