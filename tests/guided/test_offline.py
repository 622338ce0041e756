"""The guided reply and the way out of the public eye: why it could be taken, and by which template first."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import message, policy, queued
from tests.guided.stage import guided
from tests.samples import TWO_AGENTS

CALL_ME = "@NorthlineAir my bag is lost, reference QX7K2P. Can someone please call me?"


def test_the_page_says_why_and_the_template_that_they_want_stands_first(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(text=CALL_ME))
    with guided(cli, size=(100, 40)) as shown:
        for told in (
            "could go on in private: offline/private-data",
            "the customer prefers phone",
            "Start from:",
            " 1 offer-phone: ",
        ):
            shown.until(told)
        shown.type("q")
        assert shown.end() == 130
