"""Who writes while we are closed is told so once, in the right place, and still waits for an answer."""

from __future__ import annotations

import re
import signal
from typing import Any

import pytest

from tests.conftest import Cli, collect
from tests.e2e.staging import TWO_AGENTS, done, message, policy
from tests.e2e.x_stage import connect
from tests.servers.x.network import XNetwork

NIGHT = "2026-11-20T23:00:00Z"  # a Friday; we close at 20:00 and open on Saturday at 09:00
LATE = "2026-11-20T23:30:00Z"
MORNING = "2026-11-21T09:00:00Z"
QUESTION = "@NorthlineAir can I take a folding bike as hand luggage?"
COMPLAINT = "@NorthlineAir my bag never arrived from flight NL218. Where is it?"
HOURS = '[hours]\ncoverage = "hours"\n'
SPAM = ("triage", "--set", "kind=spam", "--set", "respond=ignore", "--reason", "by hand")
NO_SPAM = ("triage", "--set", "kind=question", "--set", "respond=respond", "--reason", "by hand")
KILLED = -signal.SIGKILL


def settings(auto: str = "true", *, public: str = "false", more: str = "", hours: str = HOURS) -> str:
    return f"{TWO_AGENTS}{hours}[ack]\nauto = {auto}\npublic = {public}\n{more}"


def direct(
    name: str = "d1", text: str = "Can I take a folding bike as hand luggage?", **more: Any
) -> dict[str, Any]:
    """A direct message of a Friday night."""
    written = {"created_at": "2026-11-20T22:50:00Z", "visibility": "direct", "source": "direct"}
    return message(name, text, **{**written, **more})


def mention(name: str = "m1", text: str = QUESTION, **more: Any) -> dict[str, Any]:
    return message(name, text, **{"created_at": "2026-11-20T22:50:00Z", **more})


def take_in(cli: Cli, *rows: dict[str, Any], now: str = NIGHT) -> dict[str, str]:
    """Fetch and triage; message -> its ticket."""
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=now))
    assessed = done(cli("triage", "--json", now=now)).records
    return {record["message_id"]: record["ticket"] for record in assessed}


def acknowledge(cli: Cli, *more: str, now: str = NIGHT) -> list[dict[str, Any]]:
    return done(cli("acknowledge", "--as", "sb", "--json", *more, now=now)).records


def posts(cli: Cli) -> list[dict[str, Any]]:
    return cli.lines("outbox.jsonl")


def show(cli: Cli, ticket: str, now: str = LATE) -> dict[str, Any]:
    record: dict[str, Any] = done(cli("show", ticket, "--json", now=now)).records[0]
    return record


def test_a_direct_message_is_told_directly_when_we_are_back(cli: Cli) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    (draft,) = acknowledge(cli)
    assert (draft["state"], draft["acknowledges"], draft["road"]) == ("sent", True, "direct")
    (post,) = posts(cli)
    assert (post["visibility"], post["in_reply_to"], post["text"]) == ("direct", "d1", draft["text"])
    assert "from 09:00 on Saturday (London time)" in post["text"]
    assert post["text"].endswith("– Northline Air, sent automatically")
    assert not re.search(r"\^SB|Sam", post["text"])
    (event,) = [one for one in done(cli("log", ticket, "--json", now=LATE)).records if one["event"] == "sent"]
    assert event["by"] == "sb"
    handed_on = done(cli("transcript", ticket, "--format", "md", now=LATE)).out
    assert "Z, Us, " in handed_on
    assert "Sam" not in handed_on


def test_it_is_no_answer_the_ticket_stays_open_with_its_deadline(cli: Cli) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    before = show(cli, ticket)
    acknowledge(cli)
    after = show(cli, ticket)
    assert (after["status"], after["due_at"]) == ("open", before["due_at"])
    assert after["received_at"] == "2026-11-20T22:50:00Z"
    assert done(cli("due", "--json", now=LATE)).records == []
    done(cli("fetch", now=LATE))
    reply = "Hello! Yes, in a bag of 55 cm it travels free. ^SB"
    sent = done(cli("reply", ticket, "--text", reply, "--as", "sb", "--yes", "--json", now=MORNING)).record
    assert sent["state"] == "sent"
    assert show(cli, ticket, MORNING)["status"] == "pending"


def test_the_first_answer_is_checked_as_the_first_answer(cli: Cli) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    acknowledge(cli)
    done(cli("fetch", now=LATE))
    reply = "Hello! Yes, in a bag of 55 cm it travels free. ^SB"
    draft = done(
        cli("reply", ticket, "--text", reply, "--as", "sb", "--dry-run", "--json", now=MORNING)
    ).record
    assert draft["check"]["findings"] == []


def test_thanks_for_it_leave_the_question_as_urgent_as_it_was(cli: Cli) -> None:
    policy(cli, settings())
    asked = direct()
    ticket = take_in(cli, asked)["d1"]
    before = show(cli, ticket)
    acknowledge(cli)
    take_in(
        cli, asked, direct("d2", "Ok thanks, I will wait then.", created_at="2026-11-20T23:20:00Z"), now=LATE
    )
    after = show(cli, ticket)
    assert after["messages"] == 3
    for field in ("status", "respond", "priority", "kind", "due_at"):
        assert after[field] == before[field]


# the policy's keys, each with each of its values


@pytest.mark.parametrize(
    ("auto", "public", "yes", "told"),
    [
        ("false", "false", (), []),
        ("false", "false", ("--yes",), ["d1"]),
        ("false", "true", (), []),
        ("false", "true", ("--yes",), ["d1", "m1"]),
        ("true", "false", (), ["d1"]),
        ("true", "true", (), ["d1", "m1"]),
        ("true", "true", ("--dry-run",), []),
        ("true", "true", ("--dry-run", "--yes"), []),
    ],
)
def test_what_goes_out_by_itself_and_what_on_a_yes(
    cli: Cli, auto: str, public: str, yes: tuple[str, ...], told: list[str]
) -> None:
    policy(cli, settings(auto, public=public))
    take_in(cli, direct(), mention(handle="cust2"))
    before = (cli.workspace / "queue.jsonl").read_bytes()
    drafts = acknowledge(cli, *yes)
    assert sorted(post["in_reply_to"] for post in posts(cli)) == told
    expected = ["d1", "m1"] if public == "true" else ["d1"]
    assert sorted(draft["target"] for draft in drafts) == expected
    assert {draft["state"] for draft in drafts} == ({"sent"} if told else {"composed"})
    if not told:
        assert (cli.workspace / "queue.jsonl").read_bytes() == before


def test_without_a_yes_it_only_says_what_it_would_send(cli: Cli) -> None:
    policy(cli, settings("false"))
    take_in(cli, direct())
    run = done(cli("acknowledge", "--as", "sb", now=NIGHT))
    assert "acknowledgement outside hours: it answers nothing, the ticket stays open" in run.out
    assert "1 acknowledgement would go out (ack.auto is false): --yes sends it" in run.err
    assert done(cli("acknowledge", "--as", "sb", now=NIGHT)).out == run.out


def test_round_the_clock_nobody_is_told_that_we_are_closed(cli: Cli) -> None:
    policy(cli, settings(hours='[hours]\ncoverage = "24x7"\n'))
    ticket = take_in(cli, direct())["d1"]
    assert acknowledge(cli, "--yes") == []
    run = cli("acknowledge", ticket, "--as", "sb", "--yes", now=NIGHT)
    assert (run.code, posts(cli)) == (3, [])
    assert 'hours.coverage is "24x7": we never close' in run.err


def test_without_a_template_nobody_is_told(cli: Cli) -> None:
    policy(cli, settings(more='template = ""'))
    take_in(cli, direct())
    assert acknowledge(cli, "--yes") == []
    assert posts(cli) == []


@pytest.mark.parametrize("stops", ["true", "false"])
def test_whatever_a_holding_reply_does_an_acknowledgement_stops_no_clock(cli: Cli, stops: str) -> None:
    policy(cli, settings() + f"[promise]\nholding_stops_first_reply = {stops}\n")
    ticket = take_in(cli, direct())["d1"]
    acknowledge(cli)
    assert (show(cli, ticket)["status"], show(cli, ticket)["received_at"]) == ("open", "2026-11-20T22:50:00Z")


def test_what_is_urgent_is_left_for_whoever_is_on_call(cli: Cli) -> None:
    policy(cli, settings())
    urgent = direct(
        text="I am stranded at the gate alone with my baby, boarding in 20 minutes, please help now!"
    )
    ticket = take_in(cli, urgent)["d1"]
    assert show(cli, ticket)["priority"] == "urgent"
    assert acknowledge(cli) == []
    run = cli("acknowledge", ticket, "--as", "sb", now=NIGHT)
    assert (run.code, posts(cli)) == (3, [])
    assert "left for whoever is on call" in run.err


def test_what_is_urgent_is_told_where_somebody_is_now(cli: Cli) -> None:
    policy(cli, settings(more='emergency = "+44 20 7946 0321"'))
    urgent = direct(
        text="I am stranded at the gate alone with my baby, boarding in 20 minutes, please help now!"
    )
    take_in(cli, urgent, direct("d2", handle="cust2"))
    texts = {draft["target"]: draft["text"] for draft in acknowledge(cli)}
    assert "+44 20 7946 0321" in texts["d1"]
    assert "from 09:00 on Saturday" in texts["d1"]
    assert "+44" not in texts["d2"]


@pytest.mark.parametrize("emergency", [" ", " 0800", "x" * 61])
def test_an_emergency_that_is_none_is_a_mistake_of_the_policy(cli: Cli, emergency: str) -> None:
    policy(cli, settings(more=f'emergency = "{emergency}"'))
    run = cli("acknowledge", "--as", "sb", now=NIGHT)
    assert (run.code, "ack.emergency" in run.err) == (7, True)


# who gets none


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("WIN a FREE iPhone now!!! click here https://win.example/now promo code FREE", "spam"),
        (
            "@NorthlineAir love you all, great crew on the way home, thank you so much!",
            "template is not for praise",
        ),
    ],
)
def test_never_to_spam_and_not_to_praise(cli: Cli, text: str, why: str) -> None:
    policy(cli, settings(public="true"))
    ticket = take_in(cli, mention(text=text))["m1"]
    assert acknowledge(cli, "--yes") == []
    run = cli("acknowledge", ticket, "--as", "sb", "--yes", now=NIGHT)
    assert (run.code, posts(cli)) == (3, [])
    assert why in run.err


@pytest.mark.parametrize("verdict", [("respond=monitor",), ("kind=abuse", "--set", "respond=ignore")])
def test_never_where_nobody_owes_an_answer(cli: Cli, verdict: tuple[str, ...]) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    done(cli("triage", ticket, "--set", *verdict, "--reason", "chat", "--as", "sb", now=NIGHT))
    assert acknowledge(cli, "--yes") == []
    assert posts(cli) == []


def test_never_before_triage_has_spoken(cli: Cli) -> None:
    policy(cli, settings())
    cli.write("inbox.jsonl", direct())
    done(cli("fetch", now=NIGHT))
    assert acknowledge(cli, "--yes") == []


def test_never_to_whoever_is_held_off(cli: Cli) -> None:
    policy(cli, settings())
    spam = "@NorthlineAir WIN a FREE iPhone now!!! click here https://win.example/now promo code FREE"
    take_in(cli, mention("m9", spam))
    done(cli("block", "@cust1", "--reason", "spam", "--rung", "monitor", "--as", "mo", "--yes", now=NIGHT))
    take_in(cli, mention("m9", spam), direct(created_at="2026-11-20T22:55:00Z"), direct("d2", handle="cust2"))
    assert [draft["target"] for draft in acknowledge(cli)] == ["d2"]


def test_never_to_whoever_wants_no_messages_of_ours(cli: Cli) -> None:
    policy(cli, settings())
    tickets = take_in(cli, direct(), direct("d2", handle="cust2"))
    done(cli("opt-out", "@cust1", "--reason", "said so on the phone", "--as", "sb", now=NIGHT))
    assert [draft["target"] for draft in acknowledge(cli)] == ["d2"]
    run = cli("acknowledge", tickets["d1"], "--as", "sb", now=NIGHT)
    assert (run.code, len(posts(cli))) == (3, 1)
    assert "no more messages" in run.err


@pytest.mark.parametrize(("mode", "told"), [("status_only", 0), ("tiered", 0), ("both", 1)])
def test_in_mass_mode_only_where_each_customer_is_answered(cli: Cli, mode: str, told: int) -> None:
    policy(cli, settings(public="true") + f'[incident]\nmode = "{mode}"\n')
    ticket = take_in(cli, mention(text="@NorthlineAir app down again, what is going on?"))["m1"]
    opened = done(
        cli("incident", "open", "--topic", "app", "--words", "app down", "--as", "mo", "--json", now=NIGHT)
    ).record["id"]
    done(cli("incident", "join", opened, ticket, "--as", "mo", now=NIGHT))
    done(cli("incident", "mass", opened, "--for", "2h", "--as", "mo", now=NIGHT))
    assert len(acknowledge(cli)) == told


def test_never_to_what_a_search_has_found(cli: Cli) -> None:
    policy(cli, settings(public="true"))
    text = "northline air can I take a folding bike as hand luggage?"
    take_in(cli, mention(text=text, source="search"), mention("m2", handle="cust2"))
    assert [draft["target"] for draft in acknowledge(cli)] == ["m2"]


def test_once_per_conversation_also_the_next_night(cli: Cli) -> None:
    policy(cli, settings())
    first = direct(conversation_id="c1")
    ticket = take_in(cli, first)["d1"]
    acknowledge(cli)
    again = direct(
        "d2",
        "And my helmet, does it count as a second bag?",
        created_at="2026-11-20T23:10:00Z",
        conversation_id="c1",
    )
    assert take_in(cli, first, again, now=LATE)["d2"] == ticket
    assert acknowledge(cli, now=LATE) == []
    done(cli("done", ticket, "--url", "https://northline.example/answers/1", "--as", "sb", now=MORNING))
    later = direct(
        "d3",
        "One more question, can I bring a second helmet?",
        created_at="2026-11-21T22:00:00Z",
        conversation_id="c1",
    )
    take_in(cli, first, again, later, now="2026-11-21T22:30:00Z")
    assert show(cli, ticket, "2026-11-21T22:30:00Z")["status"] == "open"
    assert acknowledge(cli, now="2026-11-21T22:30:00Z") == []
    run = done(cli("acknowledge", ticket, "--as", "sb", "--json", now="2026-11-21T22:31:00Z"))
    assert (run.record["target"], run.record["state"]) == ("d1", "sent")


def test_never_after_somebody_of_ours_has_answered(cli: Cli) -> None:
    policy(cli, settings(public="true"))
    asked = mention(created_at="2026-11-20T12:00:00Z")
    ticket = take_in(cli, asked, now="2026-11-20T12:05:00Z")["m1"]
    text = "@cust1 Yes, in a bag of 55 cm it travels free. ^SB"
    done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", now="2026-11-20T12:06:00Z"))
    more = mention("m2", "@NorthlineAir and how much is a bigger bag?", in_reply_to="m1")
    take_in(cli, asked, more)
    assert acknowledge(cli, "--yes") == []
    assert len(posts(cli)) == 1


def test_never_while_somebody_has_the_ticket(cli: Cli) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    done(cli("claim", ticket, "--as", "mo", now=NIGHT))
    assert acknowledge(cli) == []
    done(cli("release", ticket, "--as", "mo", now=NIGHT))
    assert len(acknowledge(cli)) == 1


def test_a_customer_is_told_once_a_night_in_however_many_conversations(cli: Cli) -> None:
    policy(cli, settings(public="true"))
    other = "@NorthlineAir what is the weight limit for a pram?"
    tickets = take_in(cli, mention(conversation_id="c1"), mention("m2", other, conversation_id="c2"))
    assert len(set(tickets.values())) == 2
    assert len(acknowledge(cli)) == 1
    assert acknowledge(cli) == []


@pytest.mark.parametrize("moment", ["post:intended", "post:accepted"])
def test_also_where_it_is_not_clear_yet_whether_they_were_told(cli: Cli, moment: str) -> None:
    policy(cli, settings(public="true"))
    other = "@NorthlineAir what is the weight limit for a pram?"
    tickets = take_in(cli, mention(conversation_id="c1"), mention("m2", other, conversation_id="c2"))
    first = ("acknowledge", tickets["m1"], "--as", "sb")
    assert cli(*first, now=NIGHT, env={"SOCIALCLI_FAIL_POINT": moment}).code == KILLED
    second = cli("acknowledge", tickets["m2"], "--as", "sb", now=NIGHT)
    assert (second.code, "was told tonight, in another conversation" in second.err) == (3, True)
    done(cli("acknowledge", "--as", "sb", now=NIGHT))
    assert [post["in_reply_to"] for post in posts(cli)] == ["m1"]


# when


@pytest.mark.parametrize(
    ("written", "now", "told"),
    [
        ("2026-11-20T19:59:59Z", "2026-11-20T20:30:00Z", False),  # we were still open
        ("2026-11-20T20:00:00Z", "2026-11-20T20:30:00Z", True),
        ("2026-11-20T22:00:00Z", "2026-11-21T08:59:59Z", True),
        ("2026-11-20T22:00:00Z", "2026-11-21T09:00:00Z", False),  # open again
        ("2026-11-20T22:00:00Z", "2026-11-21T18:00:00Z", False),  # a night later, after a day open
    ],
)
def test_only_who_wrote_since_we_closed_and_only_until_we_open(
    cli: Cli, written: str, now: str, *, told: bool
) -> None:
    policy(cli, settings())
    take_in(cli, direct(created_at=written), now=now)
    assert bool(acknowledge(cli, now=now)) is told


@pytest.mark.parametrize(
    ("night", "hours", "said"),
    [
        # the clocks go forward, then back: 08:00 stays 08:00 on the wall
        ("2026-03-29T00:30:00Z", 'sun = "08:00-20:00"', "from 08:00 on Sunday (London time)"),
        ("2026-10-25T00:30:00Z", 'sun = "08:00-20:00"', "from 08:00 on Sunday (London time)"),
        # Christmas Day 2026 is a Friday, and its stand-in for Saturday the 26th a Monday
        ("2026-12-24T22:00:00Z", 'holidays = "GB-ENG"', "from 09:00 on Sunday (London time)"),
        ("2026-12-24T22:00:00Z", 'closed = ["2026-12-25"]', "from 09:00 on Saturday (London time)"),
        (
            "2026-11-21T22:00:00Z",
            "".join(f'{day} = ""\n' for day in ("sun", "mon", "tue", "wed", "thu", "fri")),
            "from 09:00 on Saturday 28 November (London time)",
        ),
    ],
)
def test_it_says_when_we_are_back_by_the_clock_of_the_brand(
    cli: Cli, night: str, hours: str, said: str
) -> None:
    policy(cli, settings(hours=f"{HOURS}{hours}\n"))
    take_in(cli, direct(created_at=night), now=night)
    (draft,) = acknowledge(cli, now=night)
    assert said in draft["text"]


@pytest.mark.parametrize(
    ("text", "said", "signed"),
    [
        (
            "Hola, ¿puedo llevar una bicicleta plegable como equipaje de mano en el vuelo?",
            "a partir de las 9:00 del sábado (hora local: London)",
            "envío automático",
        ),
        (
            "Guten Abend, darf ich ein Faltrad als Handgepäck mit in die Kabine nehmen?",
            "ab Samstag, 9:00 Uhr (Ortszeit London)",
            "automatisch gesendet",
        ),
        (
            "Bonsoir, est-ce que je peux prendre un vélo pliant comme bagage à main ?",
            "à partir de samedi 9h00 (heure locale : London)",
            "envoi automatique",
        ),
    ],
)
def test_it_speaks_the_language_of_the_customer(cli: Cli, text: str, said: str, signed: str) -> None:
    policy(cli, settings())
    take_in(cli, direct(text=text))
    (draft,) = acknowledge(cli)
    assert said in draft["text"]
    assert draft["text"].endswith(f"– Northline Air, {signed}")
    assert draft["check"]["ok"] is True


def test_the_words_change_from_one_customer_to_the_next_and_stay_for_each(cli: Cli) -> None:
    policy(cli, settings())
    take_in(cli, *(direct(f"d{number}", handle=f"cust{number}") for number in range(12)))
    planned = {draft["target"]: draft["text"] for draft in acknowledge(cli, "--dry-run")}
    sent = {draft["target"]: draft["text"] for draft in acknowledge(cli)}
    assert planned == sent
    assert len(set(sent.values())) >= 4


def test_one_run_sends_no_more_than_the_policy_lets_it(cli: Cli) -> None:
    policy(cli, settings() + "[outbox]\nper_run = 2\n")
    take_in(cli, *(direct(f"d{number}", handle=f"cust{number}") for number in range(3)))
    run = done(cli("acknowledge", "--as", "sb", "--json", now=NIGHT))
    assert len(run.records) == 2
    assert "more customers wait, 2 are told in one run" in run.err
    assert len(acknowledge(cli)) == 1
    assert acknowledge(cli) == []


# faults


@pytest.mark.parametrize("moment", ["post:intended", "post:accepted", "post:received"])
def test_a_run_that_is_killed_in_the_middle_tells_nobody_twice(cli: Cli, moment: str) -> None:
    policy(cli, settings())
    take_in(cli, direct(), direct("d2", handle="cust2"))
    run = cli("acknowledge", "--as", "sb", now=NIGHT, env={"SOCIALCLI_FAIL_POINT": moment})
    assert run.code == KILLED
    acknowledge(cli)
    assert sorted(post["in_reply_to"] for post in posts(cli)) == ["d1", "d2"]
    assert acknowledge(cli) == []


def test_two_runs_at_the_same_moment_tell_each_customer_once(cli: Cli) -> None:
    policy(cli, settings())
    take_in(cli, *(direct(f"d{number}", handle=f"cust{number}") for number in range(4)))
    runs = [cli.start("acknowledge", "--as", who, now=NIGHT) for who in ("sb", "mo")]
    for run in runs:
        collect(run)
    acknowledge(cli)
    assert sorted(post["in_reply_to"] for post in posts(cli)) == ["d0", "d1", "d2", "d3"]


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (MORNING, "we are open again: an answer is due, not an acknowledgement"),
        ("2026-11-21T18:30:00Z", "it was for another night: the hour that it names is past"),
    ],
)
def test_what_did_not_go_out_in_time_never_goes_out_later(cli: Cli, later: str, why: str) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    (cli.workspace / "outbox.jsonl").mkdir()
    failed = cli("acknowledge", "--as", "sb", "--json", now=NIGHT)
    assert (failed.code, failed.record["state"]) == (75, "parked")
    (cli.workspace / "outbox.jsonl").rmdir()
    reply = "Hello! Yes, in a bag of 55 cm it travels free. ^SB"
    settled = done(cli("outbox", "--settle", "--as", "sb", "--json", now=later)).record
    assert (settled["state"], settled["reason"]) == ("recalled", why)
    done(cli("reply", ticket, "--text", reply, "--as", "sb", "--yes", now=later))
    assert [post["text"] for post in posts(cli)] == [reply]


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        ([SPAM], "nobody owes it an answer (spam, ignore)"),
        ([SPAM, ("block", "--reason", "spam", "--rung", "monitor", "--yes"), NO_SPAM], "@cust1 is held off"),
    ],
)
def test_what_did_not_go_out_is_weighed_again(cli: Cli, meanwhile: list[tuple[str, ...]], why: str) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    (cli.workspace / "outbox.jsonl").mkdir()
    assert cli("acknowledge", "--as", "sb", now=NIGHT).code == 75
    (cli.workspace / "outbox.jsonl").rmdir()
    for verb, *options in meanwhile:
        done(cli(verb, ticket, *options, "--as", "mo", now=NIGHT))
    settled = done(cli("outbox", "--settle", "--as", "sb", "--json", now=LATE)).record
    assert (settled["state"], why in settled["reason"], posts(cli)) == ("recalled", True, [])


def test_it_keeps_no_answer_back(cli: Cli) -> None:
    policy(cli, settings())
    ticket = take_in(cli, direct())["d1"]
    (cli.workspace / "outbox.jsonl").mkdir()
    assert cli("acknowledge", "--as", "sb", now=NIGHT).code == 75
    (cli.workspace / "outbox.jsonl").rmdir()
    reply = "Hello! Yes, in a bag of 55 cm it travels free. ^SB"
    done(cli("reply", ticket, "--text", reply, "--as", "sb", "--yes", now=LATE))
    done(cli("outbox", "--settle", "--as", "sb", now=LATE))
    assert [post["text"] for post in posts(cli)] == [reply]


def test_a_message_that_came_meanwhile_is_read_first(cli: Cli) -> None:
    policy(cli, settings())
    first = direct()
    take_in(cli, first)
    cli.write("inbox.jsonl", first, direct("d2", "stop, I have found it", created_at="2026-11-20T22:59:00Z"))
    (draft,) = acknowledge(cli)
    assert draft["state"] == "recalled"
    assert posts(cli) == []


def test_who_may_only_draft_sends_nothing(cli: Cli) -> None:
    policy(cli, settings().replace('initials = "SB"', 'initials = "SB"\nrole = "draft"'))
    take_in(cli, direct())
    assert cli("acknowledge", "--as", "sb", now=NIGHT).code == 3
    assert posts(cli) == []


def test_what_the_check_refuses_is_told_and_kept_once(cli: Cli) -> None:
    policy(cli, settings(more='emergency = "https://elsewhere.example/now"'))
    urgent = direct(
        text="I am stranded at the gate alone with my baby, boarding in 20 minutes, please help now!"
    )
    take_in(cli, urgent)
    for _ in range(2):
        run = cli("acknowledge", "--as", "sb", "--json", now=NIGHT)
        assert (run.code, run.record["state"]) == (3, "refused")
    refused = [one for one in done(cli("log", "--json", now=NIGHT)).records if one["event"] == "refused"]
    assert len(refused) == 1


def test_of_several_named_ones_what_goes_wrong_is_listed(cli: Cli) -> None:
    policy(cli, settings())
    tickets = take_in(cli, direct(), mention(handle="cust2"))
    run = cli("acknowledge", tickets["d1"], tickets["m1"], "nosuch", "--as", "sb", "--json", now=NIGHT)
    assert (run.code, run.error["code"]) == (8, 8)
    assert "2 of 3 were not acknowledged" in run.error["message"]
    assert "ack.public is false" in run.error["message"]
    assert len(posts(cli)) == 1


def test_erasing_the_customer_takes_the_words_and_leaves_that_it_was_said(cli: Cli) -> None:
    policy(cli, settings())
    take_in(cli, direct(author={"handle": "cust1", "name": "Olivia Grant"}))
    (draft,) = acknowledge(cli)
    assert "Olivia" in draft["text"]
    done(cli("forget", "@cust1", "--yes", "--as", "sb", now=LATE))
    assert b"Olivia" not in (cli.workspace / "queue.jsonl").read_bytes()
    done(cli("doctor", "--verify", now=LATE))


# on X


def test_a_direct_message_on_x_is_told_once(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, f'{HOURS}mon = "08:00-09:00"\nfri = "08:00-09:00"\n[ack]\nauto = true\n')
    now = "2026-11-20T10:05:00Z"
    x_network.direct(
        "cust1", "NorthlineAir", "Can I take a folding bike as hand luggage?", at="2026-11-20T10:00:00Z"
    )
    done(cli("fetch", now=now))
    done(cli("triage", now=now))
    (draft,) = acknowledge(cli, now=now)
    assert (draft["state"], draft["road"]) == ("sent", "direct")
    done(cli("fetch", now=now))
    assert acknowledge(cli, now=now) == []
    assert [one.text for one in x_network.directs()] == [draft["text"]]
    (ticket,) = done(cli("list", "--json", now=now)).records
    assert ticket["status"] == "open"
    reply = (
        "reply",
        ticket["id"],
        "--text",
        "Yes, in a bag of 55 cm it travels free. ^SB",
        "--as",
        "sb",
        "--yes",
    )
    done(cli(*reply, now=now))
    assert len(x_network.directs()) == 2
