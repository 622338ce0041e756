"""A shift on X: its posts go out once, also where X shows them late."""

from __future__ import annotations

import signal

from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.x_stage import NOW, bare, connect
from tests.servers.x.network import XNetwork

POSTS = '[hours]\ncoverage = "hours"\n[shift]\ngreeting = "shift-greeting"\nneeds_yes = false\n'
OPEN = ("shift", "open", "--as", "sb", "--yes", "--json")


def test_a_greeting_that_was_cut_off_is_looked_up_and_not_said_twice(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, POSTS)
    killed = cli(*OPEN, now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:accepted"})
    assert (killed.code, len(x_network.posts())) == (-signal.SIGKILL, 1)
    shift, draft = done(cli(*OPEN, now=NOW)).records
    assert (shift["state"], draft["state"], draft["cost"]) == ("open", "sent", "0.015")
    (post,) = x_network.posts()
    assert (bare(post), post.id) == (draft["text"], draft["remote_id"])
    assert done(cli(*OPEN, now=NOW)).records[1] == draft
    assert len(x_network.posts()) == 1
