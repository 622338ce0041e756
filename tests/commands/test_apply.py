"""``apply``: what was planned and signed is done once; what changed since is refused, with the reason."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import msgspec
import pytest

from socialcli.applying.lines import draft_id, read
from socialcli.console import json_line
from socialcli.model.plan import Plan, Signature, sealed
from tests.applying.desk import (
    LATER,
    NOW,
    SPAM,
    STAFF,
    apply,
    lines_of,
    opened,
    plan_of,
    planned,
    posts,
    reasons,
    replies,
    resealed,
    rewrite,
    sign,
    sorry,
    states,
)
from tests.conftest import Cli, Run, collect
from tests.e2e.staging import done, journal, message, policy

WHAT = ("--set", "what=online check-in")


@pytest.fixture
def signed(cli: Cli) -> Path:
    """A plan with one signed answer to m1."""
    plan = replies(cli, opened(cli))
    done(sign(cli, plan))
    return plan


def refused(run: Run, reason: str) -> None:
    """Everything was refused, for this reason."""
    assert run.code == 3, run.err
    assert set(states(run)) == {"refused"}
    assert all(reason in one for one in reasons(run)), reasons(run)


# plans


def test_the_line_is_typed_out(cli: Cli) -> None:
    (ticket,) = opened(cli)
    before = journal(cli)
    line = json.loads(planned(cli, "reply", ticket, "--text", sorry(1)))
    assert journal(cli) == before
    digest, draft, policy_digest = line.pop("hash"), line["draft"].pop("id"), line["state"].pop("policy")
    assert line.pop("id") == digest[:12]
    assert (len(digest), len(draft), len(policy_digest)) == (32, 12, 16)
    line["draft"].pop("content")
    assert line == {
        "type": "plan", "v": 1, "verb": "reply", "ticket": ticket, "target": "m1", "customer": "cust1",
        "account": "support", "network": "file", "road": "api", "visibility": "public", "text": sorry(1),
        "agent": "sb", "cost": "0", "currency": "USD", "check": {"ok": True, "findings": []}, "needs": None,
        "state": {"read": "m1", "version": "m1"}, "made_at": NOW,
        "draft": {"nth": 0, "again": False, "allowed": {}, "by_program": False, "translated": None}, "said": None, "moving": None, "step": None,
        "signed": [],
    }  # fmt: skip


def test_the_same_plan_twice_is_the_same_line_whatever_the_format(cli: Cli) -> None:
    (ticket,) = opened(cli)
    text = planned(cli, "reply", ticket, "--text", sorry(1))
    assert planned(cli, "reply", ticket, "--text", sorry(1)) == text
    assert json.loads(planned(cli, "reply", ticket, "--text", sorry(1), "--json")) == json.loads(text)


def test_a_plan_is_readable_in_every_language(cli: Cli) -> None:
    (ticket,) = opened(cli)
    text = sorry(1).replace("bag", "bag, Señora Núñez")
    line = planned(cli, "reply", ticket, "--text", text)
    assert text in line
    plain = done(
        cli(
            "reply",
            ticket,
            "--text",
            text,
            "--plan",
            "--as",
            "sb",
            now=NOW,
            env={"PYTHONIOENCODING": "ascii"},
        )
    )
    assert plain.out.isascii()
    assert json.loads(plain.out) == json.loads(line)
    plan = plan_of(cli, plain.out)
    done(sign(cli, plan))
    assert text.encode() in plan.read_bytes()
    assert states(done(apply(cli, plan))) == ["sent"]


def test_what_nobody_signed_says_how_to_sign(cli: Cli) -> None:
    plan = replies(cli, opened(cli, 2))
    run = apply(cli, plan)
    refused(run, "nobody has signed it")
    assert run.error["hint"] == "socialcli apply PLAN --sign --all --as AGENT signs what somebody else wrote"
    first = lines_of(plan)[0]["id"]
    done(sign(cli, plan, "--line", first))
    partly = apply(cli, plan)
    assert (partly.code, states(partly)) == (8, ["sent", "refused"])
    assert partly.error["hint"] == run.error["hint"]


def test_what_may_not_go_out_makes_no_line(cli: Cli) -> None:
    (ticket,) = opened(cli)
    run = cli("reply", ticket, "--text", "No sign-off", "--plan", "--as", "sb", now=NOW)
    assert (run.code, run.out) == (3, "")
    assert "signoff/missing" in run.err
    assert cli("reply", ticket, "--text", sorry(1), "--plan", "--dry-run", "--as", "sb", now=NOW).code == 2
    assert cli("reply", ticket, "--plan", "--as", "sb", now=NOW).code == 2


def test_what_went_out_already_needs_no_line(cli: Cli) -> None:
    (ticket,) = opened(cli)
    done(cli("reply", ticket, "--text", sorry(1), "--as", "sb", "--yes", now=NOW))
    run = done(cli("reply", ticket, "--text", sorry(1), "--plan", "--as", "sb", now=NOW))
    assert run.out == ""
    other = cli(
        "reply", ticket, "--text", "@cust1 Sorry, we look for it. DM us. ^SB", "--plan", "--as", "sb", now=NOW
    )
    assert other.code == 6


# signing


def test_who_signs_is_somebody_else_who_may(cli: Cli) -> None:
    plan = replies(cli, opened(cli))
    before = plan.read_bytes()
    for who in ("sb", "tr"):
        run = sign(cli, plan, who=who)
        assert (run.code, states(run)) == (3, ["refused"])
    assert plan.read_bytes() == before
    run = done(sign(cli, plan))
    line = lines_of(plan)[0]
    assert run.record == {
        "type": "signed", "line": line["id"], "number": 1, "verb": "reply", "ticket": line["ticket"],
        "state": "signed", "reason": None, "by": "mo", "hash": line["hash"],
    }  # fmt: skip
    assert line["signed"] == [{"by": "mo", "at": NOW, "hash": line["hash"]}]
    assert states(done(sign(cli, plan))) == ["known"]
    assert lines_of(plan) == [line]


@pytest.mark.parametrize("moment", ["before", "written", "synced", "renamed"])
def test_a_kill_while_a_plan_is_signed_leaves_it_signed_or_as_it_was(cli: Cli, moment: str) -> None:
    plan = replies(cli, opened(cli))
    before = plan.read_bytes()
    assert sign(cli, plan, env={"SOCIALCLI_FAIL_POINT": f"plan:{moment}"}).code < 0
    assert (plan.read_bytes() == before) is (moment != "renamed")
    assert states(done(sign(cli, plan))) == ["known" if moment == "renamed" else "signed"]
    assert [len(one["signed"]) for one in lines_of(plan)] == [1]


def test_lines_are_signed_by_name(cli: Cli) -> None:
    plan = replies(cli, opened(cli, 2))
    first, second = (one["id"] for one in lines_of(plan))
    done(sign(cli, plan, "--line", second[:6]))
    assert [len(one["signed"]) for one in lines_of(plan)] == [0, 1]
    assert sign(cli, plan, "--line", "").code == 2
    run = sign(cli, plan, "--line", "zzz")
    assert (run.code, '"zzz"' in run.error["message"]) == (5, True)
    run = apply(cli, plan)
    assert (run.code, states(run)) == (8, ["refused", "sent"])
    assert posts(cli) == [sorry(2)]
    assert first != second


def test_the_signed_plan_can_go_elsewhere(cli: Cli) -> None:
    plan = replies(cli, opened(cli))
    before = plan.read_bytes()
    done(sign(cli, plan, "--all", "--output", "signed.jsonl"))
    assert plan.read_bytes() == before
    piped = done(cli("apply", "-", "--sign", "--all", "--as", "mo", input=before, now=NOW))
    assert json.loads(piped.out) == lines_of(cli.workspace / "signed.jsonl")[0]
    assert states(done(cli("apply", "-", "--as", "sb", "--yes", "--json", input=piped.out, now=NOW))) == [
        "sent"
    ]


def test_two_sign_at_once_and_both_names_stand(cli: Cli) -> None:
    policy(cli, STAFF)
    (ticket,) = opened(
        cli, more='\n[[agents]]\nid = "ki"\nname = "Kim Ito"\ninitials = "KI"\nrole = "lead"\n'
    )
    plan = plan_of(cli, planned(cli, "reply", ticket, "--text", sorry(1)))
    both = [threading.Thread(target=sign, args=(cli, plan), kwargs={"who": who}) for who in ("mo", "ki")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert {one["by"] for one in lines_of(plan)[0]["signed"]} == {"mo", "ki"}


def test_lines_are_read_before_they_are_signed(cli: Cli) -> None:
    (ticket,) = opened(cli)
    money = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"
    an_advert(cli)
    lines = [planned(cli, "reply", ticket, "--text", money)]
    lines.append(planned(cli, "block", "@winner", "--reason", "spam", "--rung", "mute", who="tr"))
    plan = plan_of(cli, *lines)
    done(sign(cli, plan, "--line", json.loads(lines[1])["id"]))
    shown = done(cli("apply", plan, "--show", now=NOW)).out
    for words in (
        money, f"reply {ticket} of @cust1 through support by sb, api, at {NOW}", "needs a yes: money",
        "@winner on file: mute", "message s1: spam", "not signed", "signed by mo",
    ):  # fmt: skip
        assert words in shown
    assert done(cli("apply", plan, "--show", "--json", now=NOW)).records == lines_of(plan)
    rewrite(plan, 1, text="Something else")
    assert "its hash does not fit" in done(cli("apply", plan, "--show", now=NOW)).out
    assert cli("apply", plan, "--show", "--sign", "--all", "--as", "mo", now=NOW).code == 2


def an_advert(cli: Cli) -> None:
    """Somebody else writes an advert."""
    cli.write("inbox.jsonl", *cli.lines("inbox.jsonl"), message("s1", SPAM, "winner"))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))


# applying


def test_a_signed_line_goes_out_once(cli: Cli, signed: Path) -> None:
    line = lines_of(signed)[0]
    first = done(apply(cli, signed))
    record = first.record
    assert record.pop("remote_id")
    assert record == {
        "type": "applied", "line": line["id"], "number": 1, "verb": "reply", "ticket": line["ticket"],
        "account": "support", "state": "sent", "reason": None, "draft": line["draft"]["id"], "cost": "0",
    }  # fmt: skip
    assert states(done(apply(cli, signed))) == ["sent"]
    same = done(cli("reply", line["ticket"], "--text", sorry(1), "--as", "sb", "--yes", "--json", now=LATER))
    assert (same.record["id"], same.record["state"]) == (line["draft"]["id"], "sent")
    assert posts(cli) == [sorry(1)]


def test_the_journal_keeps_who_signed_what(cli: Cli, signed: Path) -> None:
    done(apply(cli, signed))
    (event,) = [one for one in done(cli("log", "--json")).records if one["event"] == "approved"]
    assert (event["by"], event["data"]["signers"]) == ("mo", ["mo"])
    assert event["data"]["plan"] == lines_of(signed)[0]["hash"]
    assert done(cli("doctor", "--verify")).code == 0


def test_a_dry_run_says_what_would_be(cli: Cli, signed: Path) -> None:
    before = journal(cli)
    run = done(apply(cli, signed, "--dry-run"))
    assert (states(run), posts(cli)) == (["planned"], [])
    assert journal(cli) == before


def test_it_asks_for_a_yes(cli: Cli, signed: Path) -> None:
    assert cli("apply", signed, "--as", "sb", now=NOW).code == 2
    assert cli("apply", signed, "--line", "a", "--as", "sb", now=NOW).code == 2
    assert cli("apply", signed, "--sign", "--as", "mo", now=NOW).code == 2
    assert cli("apply", "no-such-plan", "--yes", "--as", "sb", now=NOW).code == 2
    assert posts(cli) == []


def test_who_only_drafts_plans_and_never_applies(cli: Cli) -> None:
    (ticket,) = opened(cli)
    text = sorry(1, "TR")
    plan = plan_of(cli, planned(cli, "reply", ticket, "--text", text, who="tr"))
    done(sign(cli, plan))
    assert apply(cli, plan, who="tr").code == 3
    assert posts(cli) == []
    assert states(done(apply(cli, plan, who="mo"))) == ["sent"]
    assert posts(cli) == [text]


def test_a_signature_is_the_approval_that_the_policy_asks_for(cli: Cli) -> None:
    (ticket,) = opened(cli)
    money = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"
    line = planned(cli, "reply", ticket, "--text", money)
    assert json.loads(line)["needs"].startswith("money")
    plan = plan_of(cli, line)
    refused(apply(cli, plan), "nobody has signed it")
    done(sign(cli, plan))
    assert states(done(apply(cli, plan))) == ["sent"]


def test_a_draft_that_waits_in_the_queue_is_the_same(cli: Cli) -> None:
    (ticket,) = opened(cli)
    money = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"
    line = planned(cli, "reply", ticket, "--text", money)
    waits = done(cli("reply", ticket, "--text", money, "--as", "sb", "--yes", "--json", now=NOW)).record
    plan = plan_of(cli, line)
    done(sign(cli, plan))
    run = done(apply(cli, plan))
    assert (waits["state"], run.record["draft"], run.record["state"]) == (
        "awaiting-approval",
        waits["id"],
        "sent",
    )


def test_caps_leave_the_rest_for_the_next_run(cli: Cli) -> None:
    plan = replies(cli, opened(cli, 3))
    done(sign(cli, plan))
    run = done(apply(cli, plan, "--max", "2"))
    assert states(run) == ["sent", "sent", "left"]
    assert "--max 2" in run.records[2]["reason"]
    assert states(done(apply(cli, plan, "--max", "2"))) == ["sent", "sent", "sent"]
    assert posts(cli) == [sorry(1), sorry(2), sorry(3)]


@pytest.mark.parametrize("point", ["post:intended", "post:accepted", "post:received"])
def test_a_killed_run_goes_on_and_posts_only_what_is_missing(cli: Cli, point: str) -> None:
    plan = replies(cli, opened(cli, 3))
    done(sign(cli, plan))
    killed = apply(cli, plan, env={"SOCIALCLI_FAIL_POINT": f"{point}@2"})
    assert killed.code < 0
    assert states(done(apply(cli, plan))) == ["sent", "sent", "sent"]
    assert sorted(posts(cli)) == [sorry(1), sorry(2), sorry(3)]


def test_a_limit_of_the_policy_leaves_the_rest_for_later(cli: Cli) -> None:
    plan = replies(cli, opened(cli, 3, "[outbox]\nper_hour = 1\n"))
    done(sign(cli, plan))
    run = apply(cli, plan)
    assert (run.code, states(run)) == (75, ["sent", "parked", "left"])
    assert posts(cli) == [sorry(1)]
    policy(cli, STAFF)
    assert states(done(apply(cli, plan))) == ["sent", "sent", "sent"]
    assert posts(cli) == [sorry(1), sorry(2), sorry(3)]


def test_outside_hours_what_is_not_urgent_is_left_for_later(cli: Cli) -> None:
    hours = "".join(f'{day} = "11:00-17:00"\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    held = f'[hours]\ncoverage = "hours"\n{hours}[reply]\nhold_outside_hours = true\n'
    plan = replies(cli, opened(cli, 1, held))
    done(sign(cli, plan))
    run = done(apply(cli, plan))
    assert (states(run), posts(cli)) == (["left"], [])
    assert "2026-11-20T11:00:00Z" in reasons(run)[0]
    assert states(done(apply(cli, plan, now="2026-11-20T11:00:00Z"))) == ["sent"]


def test_two_runs_at_once_post_each_line_once(cli: Cli) -> None:
    plan = replies(cli, opened(cli, 3))
    done(sign(cli, plan))
    args = ("apply", plan, "--as", "sb", "--yes", "--json")
    both = [cli.start(*args, now=NOW) for _ in range(2)]
    assert [collect(one).code for one in both] == [0, 0]
    assert sorted(posts(cli)) == [sorry(1), sorry(2), sorry(3)]


def test_a_template_is_the_same_draft_too(cli: Cli) -> None:
    (ticket,) = opened(cli)
    plan = plan_of(cli, planned(cli, "reply", ticket, "-t", "apology", "-t", "dm-request"))
    done(sign(cli, plan))
    record = done(apply(cli, plan)).record
    same = done(
        cli("reply", ticket, "-t", "apology", "-t", "dm-request", "--as", "sb", "--yes", "--json", now=NOW)
    )
    assert (same.record["id"], same.record["text"]) == (record["draft"], lines_of(plan)[0]["text"])
    assert posts(cli) == [lines_of(plan)[0]["text"]]


def test_what_is_said_again_on_purpose(cli: Cli) -> None:
    (ticket,) = opened(cli)
    done(cli("reply", ticket, "--text", sorry(1), "--as", "sb", "--yes", now=NOW))
    plan = plan_of(
        cli,
        planned(
            cli,
            "reply",
            ticket,
            "--text",
            sorry(1),
            "--again",
            "--allow",
            "repeat/duplicate",
            "--reason",
            "asked to",
        ),
    )
    done(sign(cli, plan))
    assert states(done(apply(cli, plan))) == ["sent"]
    assert states(done(apply(cli, plan))) == ["sent"]
    assert posts(cli) == [sorry(1), sorry(1)]


# what is stale


def test_a_changed_line_is_refused(cli: Cli, signed: Path) -> None:
    original = lines_of(signed)[0]
    for change in ({"text": "@cust1 Buy now. ^SB"}, {"cost": "9"}, {"agent": "mo"}, {"customer": "cust2"}):
        rewrite(signed, 1, **(original | change))
        refused(apply(cli, signed), "changed after it was made")
        assert sign(cli, signed).code == 3
    signed.write_text(resealed(original | {"text": "@cust1 Buy now. ^SB"}))
    refused(apply(cli, signed), "mo signed something else")
    assert posts(cli) == []


def test_the_customer_wrote_again(cli: Cli, signed: Path) -> None:
    ticket = lines_of(signed)[0]["ticket"]
    more = message("m9", "@NorthlineAir and now I miss my train", "cust1", in_reply_to="m1")
    cli.write("inbox.jsonl", *cli.lines("inbox.jsonl"), more | {"created_at": "2026-11-20T10:05:00Z"})
    done(cli("fetch", now=NOW))
    refused(apply(cli, signed), "has written again: message m9")
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["messages"] == 2
    assert posts(cli) == []


def test_a_message_that_nobody_fetched_yet_stops_it_too(cli: Cli, signed: Path) -> None:
    more = message("m9", "@NorthlineAir and now I miss my train", "cust1", in_reply_to="m1")
    cli.write("inbox.jsonl", *cli.lines("inbox.jsonl"), more | {"created_at": "2026-11-20T10:05:00Z"})
    refused(apply(cli, signed), "has written again: message m9")
    assert posts(cli) == []


def test_a_colleague_answered(cli: Cli, signed: Path) -> None:
    ticket = lines_of(signed)[0]["ticket"]
    other = "@cust1 Sorry about the bag. Please DM us and we will look at once. ^MO"
    done(cli("reply", ticket, "--text", other, "--as", "mo", "--yes", now=NOW))
    refused(apply(cli, signed), "answered already")
    assert posts(cli) == [other]


def test_a_colleague_claimed_it(cli: Cli, signed: Path) -> None:
    done(cli("claim", lines_of(signed)[0]["ticket"], "--as", "mo", now=NOW))
    refused(apply(cli, signed), "is claimed by mo")


def test_the_customer_was_forgotten(cli: Cli, signed: Path) -> None:
    done(cli("forget", "@cust1", "--as", "mo", "--yes", now=NOW))
    refused(apply(cli, signed), "erased")
    assert sorry(1).encode() not in journal(cli)
    assert posts(cli) == []


def test_the_ticket_was_merged_away(cli: Cli) -> None:
    (first,) = opened(cli)
    own = message(
        "m2", "@NorthlineAir and where is my other bag?", "cust1", created_at="2026-11-20T10:05:00Z"
    )
    cli.write("inbox.jsonl", *cli.lines("inbox.jsonl"), own)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    second = next(one["id"] for one in done(cli("list", "--json", now=NOW)).records if one["id"] != first)
    plan = plan_of(cli, planned(cli, "reply", second, "--text", sorry(1)))
    done(sign(cli, plan))
    done(cli("merge", first, second, "--as", "mo", now=NOW))
    refused(apply(cli, plan), f"merged into {first}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('[checks]\n"length/long" = "error"\n[reply]\nsoft_length = 20\n', "the check says no: length/long"),
        ('[approval]\nwords = ["trace it"]\n', "somebody else's yes now"),
    ],
)
def test_the_policy_was_changed(cli: Cli, signed: Path, change: str, reason: str) -> None:
    policy(cli, STAFF + change)
    refused(apply(cli, signed), reason)
    assert posts(cli) == []


def test_the_account_is_gone_and_so_is_the_signer(cli: Cli, signed: Path) -> None:
    policy(cli, STAFF.replace('name = "support"', 'name = "other"'))
    refused(apply(cli, signed), 'no account "support"')
    policy(cli, STAFF.replace('id = "mo"', 'id = "mi"'))
    refused(apply(cli, signed), "no agent of the policy")
    policy(cli, STAFF.replace('role = "lead"', 'role = "draft"'))
    refused(apply(cli, signed), "may draft, not approve")


def test_a_plan_grows_old(cli: Cli, signed: Path) -> None:
    assert states(apply(cli, signed, "--max-age", "10m", "--dry-run", now=LATER)) == ["refused"]
    refused(apply(cli, signed, now="2026-11-21T10:06:01Z"), "too old")
    refused(apply(cli, signed, now="2026-11-20T09:00:00Z"), "yet to come")
    assert posts(cli) == []


def test_a_draft_that_was_rejected_stays_so(cli: Cli) -> None:
    (ticket,) = opened(cli)
    money = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"
    plan = plan_of(cli, planned(cli, "reply", ticket, "--text", money))
    done(sign(cli, plan))
    waits = done(cli("reply", ticket, "--text", money, "--as", "sb", "--yes", "--json", now=NOW)).record
    done(cli("reject", waits["id"], "--reason", "too much", "--as", "mo", now=NOW))
    refused(apply(cli, plan), "was rejected: too much")


# broken files


def test_broken_lines_are_all_told_and_nothing_is_posted(cli: Cli, signed: Path) -> None:
    good = signed.read_text()
    record = json.loads(good)
    broken = [
        "not json\n",
        json.dumps({"type": "plan"}) + "\n",
        json.dumps(record | {"more": 1}) + "\n",
        json.dumps(record | {"v": 2}) + "\n",
        json.dumps(record | {"cost": "-1"}) + "\n",
        json.dumps(record | {"draft": record["draft"] | {"id": "../../../../x"}}) + "\n",
        resealed(record | {"draft": record["draft"] | {"id": "a" * 12}}),
        resealed(record | {"made_at": "2026-11-20T10:06:00"}),
        resealed(record | {"made_at": "0001-01-01T00:00:00+23:00"}),
        resealed(record | {"made_at": "9999-12-31T23:59:59-23:00"}),
        resealed(record | {"text": None}),
        resealed(record | {"text": "a\0b"}),
        "[" * 100_000 + "\n",
        json.dumps(record | {"text": "a" * 5_000_000}) + "\n",
        "after it\n",
    ]
    signed.write_text("".join([good, "\n", *broken]))
    run = apply(cli, signed)
    assert (run.code, run.out, posts(cli)) == (7, "", [])
    told = run.error["message"].splitlines()[1:]
    assert [int(one.split(":")[1]) for one in told] == list(range(3, 3 + len(broken)))
    assert sign(cli, signed).code == 7
    assert signed.read_text() == "".join([good, "\n", *broken])


def test_what_a_stranger_wrote_into_a_plan_moves_no_terminal(cli: Cli, signed: Path) -> None:
    evil = "\x1b[2J\x9b31m\u202e"
    record = lines_of(signed)[0]
    signed.write_text(
        resealed(record | {"ticket": evil, "signed": [{"by": evil, "at": NOW, "hash": record["hash"]}]})
        + json.dumps(record | {evil: evil, "type": evil})
        + "\n"
    )
    for form in ("--yes", "--json"):
        run = cli("apply", signed, "--yes", "--as", "sb", form, now=NOW)
        assert run.code == 7
    signed.write_text(
        resealed(record | {"ticket": evil, "signed": [{"by": evil, "at": NOW, "hash": "0" * 32}]})
    )
    ways: list[tuple[str, ...]] = [(), ("--json",), ("--sign", "--all", "--output", "x")]
    for args in ways:
        run = cli("apply", signed, *(args if "--sign" in args else ("--yes", *args)), "--as", "mo", now=NOW)
        shown = run.out + run.err
        assert not any(character in shown for character in evil if not character.isprintable()), shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"made_at": "1970-01-01T00:00:00+23:00"}, "too old"),
        ({"made_at": "9898-12-31T23:59:59-23:00"}, "yet to come"),
        ({"ticket": "zzzz"}, 'no ticket "zzzz"'),
        ({"account": "nobody"}, 'no account "nobody"'),
        ({"network": "x"}, "is on file, not on x"),
        ({"road": "hand"}, "road has changed"),
        ({"visibility": "direct"}, "road has changed"),
        ({"agent": "zz"}, 'no agent "zz"'),
        ({"target": "m7"}, 'no message "m7"'),
    ],
)
def test_a_line_that_somebody_made_up_is_held_against_the_queue(
    cli: Cli, signed: Path, changes: dict[str, str], reason: str
) -> None:
    record = lines_of(signed)[0] | changes
    for name in ("id", "hash"):
        record.pop(name)
    record |= {"id": "", "hash": "0" * 32, "signed": []}
    made = msgspec.json.decode(json.dumps(record), type=Plan)
    wording = msgspec.structs.replace(made.draft, id=draft_id(made)) if made.draft else None
    whole = sealed(msgspec.structs.replace(made, draft=wording))
    whole = msgspec.structs.replace(whole, signed=(Signature("mo", whole.made_at, whole.hash),))
    signed.write_bytes(json_line(whole) + b"\n")
    assert read(signed.read_bytes()) == whole
    refused(apply(cli, signed), reason)
    refused(apply(cli, signed, "--dry-run"), reason)
    assert posts(cli) == []


def test_an_empty_plan_has_nothing_to_do(cli: Cli) -> None:
    opened(cli)
    run = done(apply(cli, plan_of(cli)))
    assert run.out == ""
    assert "nothing to do" in run.err


# the other verbs


def test_a_statement_through_several_accounts(cli: Cli) -> None:
    opened(cli)
    both = ("--account", "support", "--account", "press")
    plan = plan_of(cli, planned(cli, "statement", *WHAT, *both))
    assert [(one["account"], one["needs"]) for one in lines_of(plan)] == [
        ("support", "statement: it speaks for the brand"),
        ("press", "statement: it speaks for the brand"),
    ]
    done(sign(cli, plan))
    assert states(done(apply(cli, plan))) == ["sent", "sent"]
    assert (len(posts(cli)), len(posts(cli, "press-outbox.jsonl"))) == (1, 1)
    said = done(cli("statement", "--list", "--json", now=NOW)).records
    assert {one["stage"] for one in said} == {"investigating"}
    assert all(one["next_update_at"] for one in said)
    again = done(cli("statement", *WHAT, *both, "--as", "sb", "--yes", "--json", now=NOW)).records
    assert [one["id"] for one in again] == [one["draft"]["id"] for one in lines_of(plan)]
    assert (len(posts(cli)), len(posts(cli, "press-outbox.jsonl"))) == (1, 1)


def test_a_statement_that_another_one_overtook(cli: Cli) -> None:
    opened(cli, more='[approval]\nwhen = ["money"]\n')
    plan = plan_of(cli, planned(cli, "statement", *WHAT, "--account", "support"))
    done(sign(cli, plan))
    text = "Check-in on the web is slow. We are sorry, we know the cause. More here by 10:40."
    said = ("statement", "--text", text, "--account", "support", "--as", "mo", "--yes")
    done(cli(*said, now=NOW))
    refused(apply(cli, plan), "something newer since")
    assert posts(cli) == [text]


def test_a_statement_whose_hour_is_past(cli: Cli) -> None:
    opened(cli)
    plan = plan_of(cli, planned(cli, "statement", *WHAT))
    done(sign(cli, plan))
    refused(apply(cli, plan, now="2026-11-20T10:36:00Z"), "which is past")


def test_a_step_against_a_spammer(cli: Cli) -> None:
    policy(cli, STAFF)
    cli.write("inbox.jsonl", message("s1", SPAM, "winner"))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    line = planned(cli, "block", "@winner", "--reason", "spam", "--rung", "mute", "--for", "7d", who="tr")
    step = json.loads(line)["step"]
    assert (step["rung"], step["until"], step["evidence"][0]["message_id"]) == (
        "mute",
        "2026-11-27T10:06:00Z",
        "s1",
    )
    plan = plan_of(cli, line)
    refused(apply(cli, plan), "nobody has signed it")
    done(sign(cli, plan))
    assert states(done(apply(cli, plan, now=LATER))) == ["restricted"]
    assert states(done(apply(cli, plan, now=LATER))) == ["in-force"]
    (standing,) = done(cli("block", "--list", "--json", now=LATER)).records
    assert (standing["rung"], standing["by"], standing["until"]) == ("mute", "tr", "2026-11-27T10:06:00Z")
    (event,) = [one for one in done(cli("log", "--json")).records if one["event"] == "signed"]
    assert (event["by"], event["data"]["plan"]) == ("mo", lines_of(plan)[0]["hash"])


def test_criticism_is_held_off_by_no_plan(cli: Cli) -> None:
    policy(cli, STAFF)
    cli.write("inbox.jsonl", message("s1", SPAM, "winner"))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    plan = plan_of(cli, planned(cli, "block", "@winner", "--reason", "spam", "--rung", "mute"))
    done(sign(cli, plan))
    more = message("s2", "@NorthlineAir my bag never arrived and nobody helps", "winner")
    cli.write("inbox.jsonl", *cli.lines("inbox.jsonl"), more)
    done(cli("fetch", now=NOW))
    refused(apply(cli, plan), "criticism is never held off")
    assert done(cli("block", "--list", "--json", now=NOW)).out == ""


def test_moving_offline_is_noted_when_it_is_done(cli: Cli) -> None:
    (ticket,) = opened(cli)
    before = journal(cli)
    plan = plan_of(cli, planned(cli, "move-offline", ticket, "--to", "direct"))
    assert journal(cli) == before
    done(sign(cli, plan))
    assert states(done(apply(cli, plan))) == ["sent"]
    assert states(done(apply(cli, plan))) == ["sent"]
    moved = [one for one in done(cli("log", ticket, "--json")).records if one["event"] == "moved"]
    assert [(one["by"], one["data"]["to"]) for one in moved] == [("sb", "direct")]
    assert len(posts(cli)) == 1


def test_forgetting_leaves_no_word_of_what_was_applied(cli: Cli, signed: Path) -> None:
    done(apply(cli, signed))
    done(cli("forget", "@cust1", "--as", "mo", "--yes", now=NOW))
    assert b"trace it" not in journal(cli)
    (event,) = [one for one in done(cli("log", "--json")).records if one["event"] == "approved"]
    assert event["data"]["plan"] == lines_of(signed)[0]["hash"]
    assert done(cli("doctor", "--verify")).code == 0
