"""What each role may do, as [rights] says."""

from __future__ import annotations

import pytest

from socialcli import approval
from socialcli.app import App
from socialcli.approval import rights
from socialcli.approval.rights import Right
from socialcli.errors import RefusedError
from tests.approval.test_reason import MINA, SAM, TOM, draft, ruled

ALL = {"post", "speak", "block", "incidents"}
SHIPPED = App.read_policy(None)


def having(who: object) -> set[str]:
    names: tuple[Right, ...] = ("post", "speak", "block", "incidents")
    return {one for one in names if rights.may(who, one, SHIPPED)}  # type: ignore[arg-type]


def test_as_shipped_a_draft_role_writes_and_no_more() -> None:
    assert having(SAM) == having(MINA) == ALL
    assert having(TOM) == {"speak", "incidents"}


def test_who_may_not_is_told_the_key_and_who_may() -> None:
    with pytest.raises(RefusedError) as found:
        rights.require(SAM, "block", ruled('[rights]\nblock = ["lead"]'))
    assert found.value.message == "sb may not hold anybody off: rights.block"
    assert found.value.hint == "ask somebody else: --as mo"


def test_nobody_has_a_right_that_no_role_has() -> None:
    policy = ruled("[rights]\nincidents = []")
    assert not any(rights.may(one, "incidents", policy) for one in (SAM, MINA, TOM))
    with pytest.raises(RefusedError) as found:
        rights.require(MINA, "incidents", policy)
    assert found.value.hint == "rights.incidents in policies.toml"


def test_what_somebody_writes_who_may_not_post_waits_for_a_yes() -> None:
    policy = ruled('[rights]\npost = ["lead"]')
    assert approval.reason(draft("Please DM us. ^SB"), SAM, policy) == "Sam Baker may draft, not post"
    assert approval.reason(draft("Please DM us. ^MO"), MINA, policy) is None
