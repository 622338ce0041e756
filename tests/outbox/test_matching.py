"""Our own posts are known again, as a network shows them."""

from __future__ import annotations

import pytest

from socialcli.channels.base import OwnPost
from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.outbox.matching import is_same
from tests.outbox.conftest import NOON


def same(sent: str, shown: str) -> bool:
    check = Check(True, "x", "public", Length(len(sent), 280, "weighted characters"), ())
    draft = Draft("draft1", None, None, sent, "support", "sb", "api", "unknown", check)
    return is_same(OwnPost("900", shown, None, NOON), draft, None, since=NOON.timestamp())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("See northline.com/help ^SB", "See http://northline.com/help ^SB"),
        ("See (northline.com/help) ^SB", "See (http://northline.com/help) ^SB"),
        (
            "See \N{LEFT DOUBLE QUOTATION MARK}northline.com. ^SB",
            "See \N{LEFT DOUBLE QUOTATION MARK}http://northline.com/. ^SB",
        ),
        ("See (https://northline.com). ^SB", "See (https://northline.com/). ^SB"),
        ("Refunds & more ^SB", "Refunds &amp; more ^SB"),
    ],
)
def test_an_address_is_the_same_with_and_without_its_scheme(sent: str, shown: str) -> None:
    assert same(sent, shown)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("See (northline.com/help) ^SB", "See (http://northline.com/bags) ^SB"),
        ("See northline.com/a/b ^SB", "See http://northline.com/ab ^SB"),
        ("See northline.com ^SB", "See (northline.com) ^SB"),
    ],
)
def test_other_words_are_another_post(sent: str, shown: str) -> None:
    assert not same(sent, shown)


def test_a_post_of_a_megabyte_is_compared_at_once() -> None:
    assert same("(" * 500_000 + "/" * 500_000 + "x", "(" * 500_000 + "/" * 500_000 + "x")
