"""``release``: back to everybody."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, queued


def test_it_is_free_again(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("claim", ticket, now=NOW))
    assert done(cli("release", ticket, "--json", now=NOW)).record["assignee"] is None


def test_what_nobody_holds_stays_as_it_is(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    done(cli("release", ticket, now=NOW))
    assert journal(cli) == before
