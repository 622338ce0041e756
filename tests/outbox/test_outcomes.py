"""Every way in which a post can end, and what the next run makes of it."""

from __future__ import annotations

import json
import resource
import unicodedata
from datetime import timedelta

import pytest

from socialcli import durable
from socialcli.channels.base import NotPostedError, OutcomeUnknownError, OwnPost, PostRefusedError
from socialcli.errors import CredentialsError, Exit, SocialError, StorageError, TemporaryError
from socialcli.outbox import sending
from tests.outbox.conftest import NOON, SORRY, Stage

LOST = OutcomeUnknownError("no answer in time")


def test_the_intent_is_on_disk_before_the_network_hears_of_it(stage: Stage) -> None:
    witnessed = []
    journal = stage.workspace / "queue.jsonl"
    stage.channel.before_post = lambda: witnessed.append(json.loads(journal.read_bytes().splitlines()[-1]))
    assert stage.send().draft.state == "sent"
    (line,) = witnessed
    assert (line["event"], line["data"]["draft"]) == ("intended", "draft1")
    assert line["data"]["whole"]["text"] == SORRY


def test_sent_is_the_last_word(stage: Stage) -> None:
    first = stage.send()
    assert (first.draft.state, first.draft.remote_id, first.error) == ("sent", "r1", None)
    assert [stage.send() for _ in range(3)] == [first] * 3
    assert stage.posted == [SORRY]


def test_refused_by_the_network_is_failed(stage: Stage) -> None:
    stage.channel.faults = [(PostRefusedError("too rude for us"), False)]
    outcome = stage.send()
    assert (outcome.draft.state, outcome.draft.text, stage.posted) == ("failed", SORRY, [])
    assert outcome.draft.reason == "too rude for us"
    assert outcome.error is not None
    assert outcome.error.exit_code == Exit.REFUSED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotPostedError("no route"), Exit.TEMPORARY),
        (StorageError("the disk is full"), Exit.FAILED),
        (CredentialsError("the token was revoked"), Exit.CREDENTIALS),
        (durable.LockHeldError("outbox.jsonl", "process 7"), Exit.CONFLICT),
    ],
)
def test_certainly_not_there_is_parked_and_sent_by_the_next_run(
    stage: Stage, error: SocialError, code: Exit
) -> None:
    stage.channel.faults = [(error, False)]
    outcome = stage.send()
    assert (outcome.draft.state, outcome.error, stage.posted) == ("parked", error, [])
    assert error.exit_code == code
    assert stage.queue.draft("draft1").draft.text == SORRY
    assert stage.outbox.resume("draft1", "sb").draft.state == "sent"
    assert stage.posted == [SORRY]


@pytest.mark.parametrize("arrives", [True, False])
def test_unknown_is_settled_by_one_look_where_reads_are_never_late(stage: Stage, arrives: bool) -> None:
    stage.channel.faults = [(LOST, arrives)]
    outcome = stage.send()
    assert (outcome.draft.state, outcome.error) == ("unknown", LOST)
    settled = stage.send()
    assert (settled.draft.state, settled.draft.remote_id, settled.error) == ("sent", "r1", None)
    assert stage.posted == [SORRY]


@pytest.mark.parametrize("arrives", [True, False])
def test_an_unforeseen_error_leaves_the_intent_and_the_next_run_settles_it(
    stage: Stage, arrives: bool
) -> None:
    stage.channel.faults = [(KeyError("id"), arrives)]
    with pytest.raises(KeyError):
        stage.send()
    assert stage.state() == "intended"
    assert stage.send().draft.state == "sent"
    assert stage.posted == [SORRY]


def test_a_disk_that_is_full_when_the_receipt_comes(stage: Stage) -> None:
    """The post is out and cannot be written down: the next run finds it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def let_no_file_grow() -> None:
        size = (stage.workspace / "queue.jsonl").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))

    stage.channel.before_post = let_no_file_grow
    try:
        with pytest.raises(StorageError, match=r"queue\.jsonl"):
            stage.send()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (stage.state(), stage.posted) == ("intended", [SORRY])
    assert stage.send().draft.remote_id == "r1"
    assert stage.posted == [SORRY]


def test_another_draft_waits_while_one_is_unknown(stage: Stage) -> None:
    stage.channel.faults = [(LOST, False)]
    stage.send()
    other = stage.send(stage.draft("@cust1 Something else. ^SB", name="draft2"))
    assert (other.draft.state, stage.posted) == ("parked", [])
    assert other.error is not None
    assert other.error.exit_code == Exit.CONFLICT
    assert stage.state() == "unknown"


def test_a_look_up_that_fails_changes_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[OwnPost]:
        raise TemporaryError("the network is away")

    stage.channel.faults = [(LOST, True)]
    stage.send()
    monkeypatch.setattr(stage.channel, "own_posts", fail)
    with pytest.raises(TemporaryError):
        stage.send()
    assert (stage.state(), stage.posted) == ("unknown", [SORRY])
    monkeypatch.undo()
    assert stage.send().draft.remote_id == "r1"


# networks that show posts late


def look_up_in_vain(late: Stage) -> None:
    outcome = late.send()
    assert outcome.draft.state == "unknown"
    assert outcome.error is not None
    assert outcome.error.exit_code == Exit.TEMPORARY


def test_looking_before_settle_after_proves_nothing_however_often(late: Stage) -> None:
    late.channel.faults = [(LOST, False)]
    late.send()
    for _ in range(5):
        late.pass_time(late.policy.outbox.settle_after / 6)
        look_up_in_vain(late)
    assert late.posted == []


def test_only_the_second_empty_look_up_after_settle_after_posts_again(late: Stage) -> None:
    late.channel.faults = [(LOST, False)]
    late.send()
    look_up_in_vain(late)
    late.pass_time(late.policy.outbox.settle_after + 1)
    look_up_in_vain(late)
    assert late.posted == []
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


def test_a_second_unknown_outcome_begins_the_waiting_anew(late: Stage) -> None:
    late.channel.faults = [(LOST, False), (LOST, True)]
    late.send()
    late.pass_time(late.policy.outbox.settle_after + 1)
    look_up_in_vain(late)
    assert late.send().draft.state == "unknown"
    late.channel.hidden = True
    look_up_in_vain(late)
    late.pass_time(late.policy.outbox.settle_after + 1)
    look_up_in_vain(late)
    late.channel.hidden = False
    assert late.send().draft.remote_id == "r1"
    assert late.posted == [SORRY]


def test_a_post_that_is_shown_late_is_found(late: Stage) -> None:
    late.channel.faults = [(LOST, True)]
    late.channel.hidden = True
    late.send()
    late.pass_time(late.policy.outbox.settle_after + 1)
    look_up_in_vain(late)
    late.channel.hidden = False
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


def test_a_killed_run_counts_like_an_unknown_outcome(late: Stage) -> None:
    late.channel.faults = [(RuntimeError("as if killed"), False)]
    with pytest.raises(RuntimeError):
        late.send()
    look_up_in_vain(late)
    assert late.state() == "unknown"
    late.pass_time(late.policy.outbox.settle_after + 1)
    look_up_in_vain(late)
    assert late.send().draft.state == "sent"
    assert late.posted == [SORRY]


# networks that keep no key of ours: a post is known by what it answers and says


@pytest.mark.parametrize(
    "shown",
    [
        SORRY,
        SORRY.replace("&", "&amp;"),
        SORRY.removeprefix("@cust1 "),
        f"@NorthlineAir {SORRY}",
        SORRY.replace(" Please", "\n\nPlease"),
    ],
)
def test_our_post_is_known_however_the_network_shows_it(stage: Stage, shown: str) -> None:
    lose_and_show(stage, SORRY, shown)
    assert stage.send().draft.remote_id == "r7"
    assert len(stage.posted) == 1


def test_our_post_is_known_in_another_composition_of_its_letters(stage: Stage) -> None:
    text = "@cust1 Perdón por el equipaje, señora Núñez. ^SB"
    lose_and_show(stage, text, unicodedata.normalize("NFD", text))
    assert stage.send(stage.draft(text)).draft.remote_id == "r7"


def lose_and_show(stage: Stage, text: str, shown: str, target: str = "m1") -> None:
    """Lose the answer of the network; what it shows afterwards is ``shown``."""
    stage.channel.keyless = True
    stage.channel.faults = [(LOST, False)]
    stage.send(stage.draft(text))
    stage.channel.posts.append(OwnPost("r7", shown, target, NOON + timedelta(seconds=1)))


def test_a_post_to_another_customer_or_with_other_words_is_not_ours(stage: Stage) -> None:
    lose_and_show(stage, SORRY, SORRY, target="m99")
    stage.channel.posts.append(OwnPost("r8", "Our desk in Oslo is open again.", None, NOON))
    settled = stage.send()
    assert settled.draft.remote_id not in ("r7", "r8")
    assert settled.draft.state == "sent"
    assert len(stage.posted) == 3


def test_saying_it_again_is_not_taken_for_the_first_time_it_was_said(stage: Stage) -> None:
    stage.channel.keyless = True
    assert stage.send().draft.remote_id == "r1"
    stage.channel.faults = [(LOST, False)]
    second = stage.draft(name="draft2")
    assert stage.send(second, again=True).draft.state == "unknown"
    settled = stage.send(second, again=True)
    assert (settled.draft.state, settled.draft.remote_id) == ("sent", "r2")
    assert stage.posted == [SORRY, SORRY]


# in flight


def test_only_who_holds_the_draft_may_settle_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.channel.faults = [(LOST, True)]
    stage.send()
    monkeypatch.setattr(sending, "_WAIT_FOR_HOLDER", 0.02)
    held = stage.workspace / ".socialcli" / "drafts" / "draft1.lock"
    with durable.lock(held, "held by the test"), pytest.raises(durable.LockHeldError) as caught:
        stage.send()
    assert caught.value.exit_code == Exit.CONFLICT
    assert "process" in caught.value.holder
    assert stage.state() == "unknown"
    assert stage.send().draft.state == "sent"
    assert stage.posted == [SORRY]
