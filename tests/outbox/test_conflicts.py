"""What speaks against posting, seen at the last moment: the draft is parked, its text kept, nothing posted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialcli import approval
from socialcli.channels.base import Again, OwnPost
from socialcli.errors import ConflictError, Exit, RefusedError, TemporaryError
from socialcli.model.draft import Draft
from socialcli.outbox.sending import Outcome
from tests.outbox.conftest import NOON, SORRY, Stage, incoming


def require_parked(stage: Stage, outcome: Outcome, code: Exit, *, posted: int = 0) -> None:
    assert outcome.draft.state == "parked"
    assert outcome.draft.text == SORRY
    assert outcome.error is not None
    assert outcome.error.exit_code == code
    assert outcome.draft.reason == outcome.error.message
    assert len(stage.posted) == posted


def test_the_customer_has_written_again_and_nobody_has_fetched_it(stage: Stage) -> None:
    later = incoming("m2", in_reply_to="m1", created_at=NOON - timedelta(minutes=1))
    stage.channel.inbox.append(later)
    require_parked(stage, stage.send(), Exit.CONFLICT)
    assert stage.queue.draft("draft1").row.conflict
    assert stage.send(again=True).draft.state == "sent"


def test_the_customer_has_written_again_and_it_was_fetched(stage: Stage) -> None:
    draft = stage.draft()
    later = incoming("m2", in_reply_to="m1", created_at=NOON - timedelta(minutes=1))
    stage.channel.inbox.append(later)
    stage.fetch()
    require_parked(stage, stage.send(draft), Exit.CONFLICT)


def test_another_customer_in_between_stops_nothing(stage: Stage) -> None:
    stage.channel.inbox.append(incoming("m2", "cust2", in_reply_to="m1"))
    assert stage.send().draft.state == "sent"


def test_what_is_of_a_later_time_stops_nothing_yet(stage: Stage) -> None:
    later = incoming("m2", in_reply_to="m1", created_at=NOON + timedelta(minutes=1))
    stage.channel.inbox.append(later)
    assert stage.send().draft.state == "sent"


def test_a_colleague_has_answered_outside(stage: Stage) -> None:
    stage.channel.posts.append(OwnPost("r9", "@cust1 On its way! ^MO", "m1", NOON))
    require_parked(stage, stage.send(), Exit.CONFLICT, posted=1)
    assert stage.send(again=True).draft.state == "sent"


def test_a_colleagues_answer_that_was_fetched(stage: Stage) -> None:
    draft = stage.draft()
    theirs = incoming("r9", "NorthlineAir", direction="outbound", in_reply_to="m1")
    stage.channel.inbox.append(theirs)
    stage.fetch()
    require_parked(stage, stage.send(draft), Exit.CONFLICT)


def test_the_customer_has_deleted_the_message(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.channel, "look_again", lambda *_: Again(gone=True))
    require_parked(stage, stage.send(), Exit.CONFLICT)
    require_parked(stage, stage.send(again=True), Exit.CONFLICT)


def test_a_thread_that_cannot_be_read_parks_and_the_next_run_posts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Again:
        raise TemporaryError("the network is away")

    monkeypatch.setattr(stage.channel, "look_again", away)
    require_parked(stage, stage.send(), Exit.TEMPORARY)
    assert not stage.queue.draft("draft1").row.conflict
    monkeypatch.undo()
    assert stage.outbox.resume("draft1", "sb").draft.state == "sent"
    assert stage.posted == [SORRY]


def test_the_same_conflict_twice_is_written_down_once(stage: Stage) -> None:
    stage.channel.inbox.append(incoming("m2", in_reply_to="m1"))
    stage.send()
    size = (stage.workspace / "queue.jsonl").stat().st_size
    require_parked(stage, stage.send(), Exit.CONFLICT)
    assert (stage.workspace / "queue.jsonl").stat().st_size == size


def test_a_parked_draft_is_not_on_its_way(stage: Stage) -> None:
    stage.channel.posts.append(OwnPost("r9", "@cust1 On its way! ^MO", "m1", NOON))
    stage.send()
    stage.channel.posts.clear()
    other = stage.draft("@cust1 Found it, it comes at six. ^SB", name="draft2")
    assert stage.send(other).draft.state == "sent"
    require_parked(stage, stage.send(), Exit.CONFLICT, posted=1)


# somebody else's yes


def keep_for_approval(stage: Stage) -> Draft:
    draft = stage.draft()
    kept = stage.outbox.keep(stage.request(draft), "awaiting-approval", "money")
    assert (kept.draft.state, stage.posted) == ("awaiting-approval", [])
    return draft


def say(stage: Stage, event: str, **facts: object) -> None:
    with stage.queue.writing() as writing:
        writing.add(event, stage.ticket, "mo", {"draft": "draft1", **facts}, key="draft1")


def test_an_approval_is_for_these_very_words(stage: Stage) -> None:
    draft = keep_for_approval(stage)
    say(stage, "approved", hash=approval.digest(draft))
    changed = stage.draft(SORRY.replace("sorry", "very sorry"))
    with pytest.raises(RefusedError):
        stage.send(changed)
    assert (stage.posted, stage.state()) == ([], "approved")
    assert stage.outbox.resume("draft1", "mo").draft.state == "sent"
    assert stage.posted == [SORRY]


@pytest.mark.parametrize("change", ["text", "account", "road", "target"])
def test_the_hash_covers_what_is_said_where_and_to_whom(stage: Stage, change: str) -> None:
    draft = stage.draft()
    other = Draft(
        **{
            **{name: getattr(draft, name) for name in Draft.__struct_fields__},
            change: f"{getattr(draft, change)}.",
        }
    )
    assert approval.digest(draft) == approval.digest(stage.draft())
    assert approval.digest(other) != approval.digest(draft)


@pytest.mark.parametrize("customer_wrote_again", [False, True])
def test_a_no_after_the_yes_stands(stage: Stage, customer_wrote_again: bool) -> None:
    draft = keep_for_approval(stage)
    say(stage, "approved", hash=approval.digest(draft))
    say(stage, "rejected", reason="no refunds here")
    if customer_wrote_again:
        stage.channel.inbox.append(incoming("m2", in_reply_to="m1"))
    with pytest.raises(RefusedError, match="no refunds here"):
        stage.send(draft)
    assert (stage.posted, stage.state()) == ([], "rejected")


def test_a_no_while_the_thread_is_read_again_stands(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look at the journal is taken under its lock, together with the intent."""
    draft = keep_for_approval(stage)
    say(stage, "approved", hash=approval.digest(draft))

    def meanwhile(*_: object) -> Again:
        say(stage, "rejected", reason="no refunds here")
        return Again()

    monkeypatch.setattr(stage.channel, "look_again", meanwhile)
    with pytest.raises(RefusedError):
        stage.send(draft)
    assert (stage.posted, stage.state()) == ([], "rejected")


def test_a_no_while_the_thread_turns_out_changed_is_not_parked_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = keep_for_approval(stage)
    say(stage, "approved", hash=approval.digest(draft))

    def meanwhile(*_: object) -> Again:
        say(stage, "rejected", reason="no refunds here")
        raise ConflictError("the customer has written again")

    monkeypatch.setattr(stage.channel, "look_again", meanwhile)
    with pytest.raises(RefusedError):
        stage.send(draft)
    assert stage.state() == "rejected"


def test_what_waits_for_approval_keeps_the_ticket(stage: Stage) -> None:
    keep_for_approval(stage)
    other = stage.send(stage.draft("@cust1 Something else. ^SB", name="draft2"))
    assert (other.draft.state, stage.posted) == ("parked", [])


def test_a_draft_parked_before_its_approval_can_wait_for_it_later(stage: Stage) -> None:
    first = keep_for_approval(stage)
    second = stage.request(stage.draft("@cust1 Something else. ^SB", name="draft2"), "content 2")
    assert stage.outbox.keep(second, "awaiting-approval", "money").draft.state == "parked"
    say(stage, "rejected", reason="no refunds here")
    assert stage.outbox.keep(second, "awaiting-approval", "money").draft.state == "awaiting-approval"
    assert stage.queue.draft(first.id).draft.state == "rejected"
