"""What waits for a yes, one after the other: yes, edit, no and why, skip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import Cli
from tests.e2e.staging import LATER, done
from tests.e2e.test_terminal import CTRL_C, ENTER, ERASE, Terminal, terminal
from tests.guided.stage import complaints, say
from tests.samples import costly_answer


@contextmanager
def approving(cli: Cli, who: str = "mo") -> Iterator[Terminal]:
    with terminal(cli, "approve", "--as", who) as shown:
        yield shown


def waiting(cli: Cli, count: int) -> list[str]:
    """Drafts of Sam Baker's that offer money."""
    tickets = complaints(cli, count)
    answers = [
        cli("reply", one, "--text", costly_answer(number), "--as", "sb", "--yes", "--json", now=LATER)
        for number, one in enumerate(tickets, 1)
    ]
    return [str(done(one).record["id"]) for one in answers]


def states(cli: Cli) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in cli.lines("queue.jsonl"):
        if "draft" in line.get("data", {}):
            found[line["data"]["draft"]] = line["event"]
    return found


def test_yes_edited_no_and_skip(cli: Cli) -> None:
    first, second, third, fourth = waiting(cli, 4)
    with approving(cli) as shown:
        shown.until(first)
        shown.until("Your yes, Mina Okafor?")
        assert any("NL201 never arrived" in line for line in shown.lines)
        shown.type("y")
        shown.until(second)
        assert shown.written.count("| @cust1 So sorry about your bag") == 1  # said once
        shown.until("e edit first")
        shown.type("e")
        shown.until(f"Edit: draft {second}")
        shown.type(ERASE + costly_answer(2).replace("the bag fee", "the whole bag fee") + ENTER)
        shown.until("+ whole")
        shown.until("yes, as edited")
        shown.type("y")
        shown.until(third)
        shown.until("n no, and why")
        shown.type("n")
        say(shown, "Why not", "no refund before we have looked")
        shown.until(fourth)
        shown.until("k skip")
        shown.type("k")
        assert shown.end() == 0
        assert any("nothing else waits for your yes" in line for line in shown.lines)
    assert states(cli) == {first: "sent", second: "sent", third: "rejected", fourth: "awaiting-approval"}
    posts = [one["text"] for one in cli.lines("outbox.jsonl")]
    assert posts == [costly_answer(1), costly_answer(2).replace("the bag fee", "the whole bag fee")]
    assert done(cli("outbox", "--json", now=LATER)).records[0]["reason"] is not None


def test_an_edit_that_was_stopped_is_there_again(cli: Cli) -> None:
    (draft,) = waiting(cli, 1)
    with approving(cli) as shown:
        shown.until("e edit first")
        shown.type("e")
        shown.until("Edit: draft")
        shown.type(ERASE + "We refund the fee, and are sorry.")
        shown.until("and are sorry.")
        shown.type(CTRL_C)
        shown.until("yes, as edited")
        shown.type("q")
        assert shown.end() == 0
    with approving(cli) as shown:
        shown.until("yes, as edited")
        assert any("and are sorry." in line for line in shown.lines)
        shown.type("b")
        shown.until("yes, as it is")
        shown.type("y")
        assert shown.end() == 0
    assert states(cli) == {draft: "sent"}
    assert list((cli.workspace / ".socialcli" / "writing").iterdir()) == []


def test_nobody_is_asked_for_a_yes_to_words_of_their_own(cli: Cli) -> None:
    waiting(cli, 1)
    with approving(cli, "sb") as shown:
        assert shown.end() == 0
        assert any("nothing waits for your yes" in line for line in shown.lines)
    assert cli("approve", "--as", "mo", now=LATER).code == 2
