"""What only some networks do: limits, duplicates, edits, new handles, posts that answer nobody, costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from socialcli.channels.base import (
    Again,
    Cap,
    DuplicateError,
    OutcomeUnknownError,
    OwnPost,
    PostRefusedError,
    Used,
)
from socialcli.errors import ConflictError, RefusedError, TemporaryError
from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.model.message import Author
from socialcli.model.statement import Said
from socialcli.outbox.sending import Request
from tests.outbox.conftest import NOON, SORRY, Stage, incoming

DUPLICATE = DuplicateError("the network has this text already")


# limits


def test_the_limit_of_the_network_is_kept_before_it_says_no(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.channel, "caps", lambda _road: (Cap(1, 900),))
    stage.send()
    second = stage.draft("@cust1 It is on the way. ^SB", name="draft2")
    held = stage.send(second, again=True)
    assert isinstance(held.error, TemporaryError)
    assert "1 are allowed" in held.error.message
    assert (stage.state("draft2"), stage.posted) == ("parked", [SORRY])
    stage.pass_time(899)
    assert stage.outbox.resume("draft2", "sb").error is not None
    stage.pass_time(2)
    assert stage.outbox.resume("draft2", "sb").error is None
    assert len(stage.posted) == 2


def test_the_limit_of_the_policy_counts_all_roads_of_an_hour(stage: Stage) -> None:
    limits = msgspec.structs.replace(stage.policy.outbox, per_hour=1)
    stage = Stage(stage.workspace, stage.channel, msgspec.structs.replace(stage.policy, outbox=limits))
    stage.send()
    held = stage.send(stage.draft("@cust1 More soon, by noon. ^SB", name="draft2"), again=True)
    assert held.error is not None
    assert "60 minutes" in held.error.message


def test_a_refused_post_takes_no_room(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.channel, "caps", lambda _road: (Cap(1, 900),))
    stage.channel.faults = [(PostRefusedError("no"), False)]
    assert stage.send().draft.state == "failed"
    other = stage.draft("@cust1 It is on the way. ^SB", name="draft2")
    assert stage.send(other).draft.state == "sent"


# duplicates


def test_a_duplicate_that_is_ours_counts_as_sent(late: Stage) -> None:
    late.channel.faults = [(DUPLICATE, True)]
    assert late.send().draft.state == "unknown"
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


def test_a_duplicate_of_an_earlier_attempt_is_found_however_long_ago_that_was(late: Stage) -> None:
    """The first attempt arrived and showed up only after it had been given up."""
    late.channel.faults = [(OutcomeUnknownError("lost"), True), (DUPLICATE, False)]
    late.channel.hidden = True
    late.send()
    for seconds in (200, 1, 1):
        late.pass_time(seconds)
        last = late.send()
    assert last.draft.state == "unknown"
    late.channel.hidden = False
    late.pass_time(3600)
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


def test_a_duplicate_of_something_else_fails_for_good_and_says_what_to_do(late: Stage) -> None:
    late.channel.faults = [(DUPLICATE, False)]
    late.send()
    late.pass_time(200)
    assert late.send().draft.state == "unknown"
    failed = late.send()
    assert failed.draft.state == "failed"
    assert isinstance(failed.error, RefusedError)
    assert "other words" in failed.error.hint
    assert late.posted == []


# the thread is read again


def test_an_edit_since_stops_the_answer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    words = msgspec.structs.replace(incoming("m1"), text="Never mind, found it!", versions=("m5",))
    monkeypatch.setattr(stage.channel, "look_again", lambda *_: Again(newer=(words,)))
    stopped = stage.send()
    assert isinstance(stopped.error, ConflictError)
    assert "edited the message" in stopped.error.message
    assert stage.posted == []


def test_an_answer_that_names_the_old_handle_is_stopped(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.channel, "look_again", lambda *_: Again(now_called="ana_lopez"))
    stopped = stage.send()
    assert isinstance(stopped.error, ConflictError)
    assert "@ana_lopez" in stopped.error.message
    unnamed = stage.draft("So sorry. We are tracing your bag, and write again by noon. ^SB", name="draft2")
    assert stage.send(unnamed).error is None


# roads


def test_an_answer_to_a_direct_message_never_goes_out_in_public(stage: Stage) -> None:
    stage.channel.inbox.append(incoming("d1", visibility="direct", created_at=NOON))
    stage.fetch()
    draft = stage.draft(target="d1")
    assert draft.check.visibility == "public"
    failed = stage.send(draft, again=True)
    assert isinstance(failed.error, RefusedError)
    assert stage.posted == []


# statements

CHECK = Check(True, "x", "public", Length(40, 280, "weighted characters"), ())


def statement(text: str = "Online check-in is down. Next update by 13:00.", name: str = "s1") -> Draft:
    return Draft(name, None, None, text, "support", "sb", "api", "composed", CHECK)


def announce(stage: Stage, draft: Draft, *, again: bool = False) -> Request:
    said = Said("investigating", 1800)
    return Request(draft, draft.id, "sb", stage.queue.journal.size(), again, said)


def test_a_statement_goes_out_once(stage: Stage) -> None:
    request = announce(stage, statement())
    assert stage.outbox.send(request).draft.state == "sent"
    assert stage.outbox.send(request).draft.state == "sent"
    assert [post.in_reply_to for post in stage.channel.posts] == [None]


def test_an_unanswered_statement_is_found_by_its_words(late: Stage) -> None:
    late.channel.faults = [(OutcomeUnknownError("no answer"), True)]
    request = announce(late, statement())
    assert late.outbox.send(request).draft.state == "unknown"
    assert late.outbox.resume("s1", "sb").draft.state == "sent"
    (told,) = late.queue.statements()
    assert (told.stage, told.draft) == ("investigating", "s1")
    assert len(late.posted) == 1


def test_a_statement_of_the_same_words_is_not_taken_for_an_answer(late: Stage) -> None:
    late.channel.faults = [(OutcomeUnknownError("no answer"), False)]
    late.outbox.send(announce(late, statement(SORRY)))
    late.send()
    assert late.outbox.resume("s1", "sb").draft.state == "unknown", "the answer is no statement"


# costs


def test_what_a_post_used_is_kept_whatever_came_of_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    used = [Used({"x/reply": 1}, "0.010", "USD", {"posts": 1_900_000_000}), None]
    monkeypatch.setattr(stage.channel, "used", lambda: used.pop(0))
    stage.channel.faults = [(PostRefusedError("no"), False)]
    assert stage.send().draft.state == "failed"
    assert stage.queue.spent("support", datetime(2026, 11, 20, tzinfo=UTC)) == Decimal("0.010")
    assert stage.queue.held("support") == {"posts": 1_900_000_000}


def test_the_author_of_an_answer_is_told_by_id(stage: Stage) -> None:
    """Somebody who took over the customer's handle does not speak in their thread."""
    other = msgspec.structs.replace(incoming("m2"), author=Author("99", "cust1"), in_reply_to="m1")
    mine = msgspec.structs.replace(incoming("m3"), author=Author("7", "lopez"), in_reply_to="m1")
    opener = msgspec.structs.replace(incoming("m1"), author=Author("7", "cust1"))
    stage.channel.inbox += [other, mine]
    again = stage.channel.look_again(opener, [opener], {"seen": 1}, NOON)
    assert [one.id for one in again.newer] == ["m3"]


def test_an_earlier_attempt_that_shows_up_when_the_thread_is_read_again_counts_as_sent(late: Stage) -> None:
    late.channel.faults = [(OutcomeUnknownError("lost"), True)]
    late.channel.hidden = late.channel.keyless = True
    late.send()
    late.pass_time(200)
    late.send()
    late.channel.own_posts = lambda *_, **__: []  # type: ignore[method-assign] # our timeline is later than the thread
    late.channel.hidden = False
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


# what is alike and not ours


def test_a_post_of_another_draft_is_not_taken_for_this_one(late: Stage) -> None:
    """Two statements in the same words: the second never arrived."""
    late.channel.keyless = True
    assert late.outbox.send(announce(late, statement(name="s1"))).draft.state == "sent"
    late.channel.faults = [(OutcomeUnknownError("no answer"), False)]
    second = announce(late, statement(name="s2"), again=True)
    assert late.outbox.send(second).draft.state == "unknown"
    assert late.outbox.resume("s2", "sb").draft.state == "unknown"
    assert late.posted == [statement().text]


def test_a_post_that_was_read_before_the_first_attempt_is_not_it(late: Stage) -> None:
    late.channel.keyless = True
    by_hand = msgspec.structs.replace(
        incoming("w1", "NorthlineAir"), direction="outbound", text=statement().text
    )
    late.queue.take_in([by_hand])
    late.channel.posts.append(OwnPost("w1", statement().text, None, NOON))
    late.channel.faults = [(OutcomeUnknownError("no answer"), False)]
    late.outbox.send(announce(late, statement()))
    assert late.outbox.resume("s1", "sb").draft.state == "unknown"


def test_a_post_of_last_month_is_not_it(late: Stage) -> None:
    late.channel.keyless = True
    late.channel.posts.append(OwnPost("w1", statement().text, None, NOON - timedelta(days=30)))
    late.channel.own_posts = lambda *_, **__: late.channel.posts  # type: ignore[method-assign] # whole pages
    late.channel.faults = [(OutcomeUnknownError("no answer"), False)]
    late.outbox.send(announce(late, statement()))
    assert late.outbox.resume("s1", "sb").draft.state == "unknown"
