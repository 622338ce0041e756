"""``list``: the most pressing first."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, message, one_line, policy, queued

ROWS = (
    message("m1", "Thanks for the lovely flight, @NorthlineAir!", "cust1"),
    message("m2", "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!", "cust2"),
    message("m3", "@NorthlineAir how much does a second bag cost?", "cust3"),
)


def handles(cli: Cli, *arguments: str) -> list[str]:
    return [one["customer"]["handle"] for one in done(cli("list", "--json", *arguments, now=NOW)).records]


def test_the_most_pressing_first(cli: Cli) -> None:
    queued(cli, *ROWS)
    assert handles(cli)[0] == "cust2"
    assert handles(cli, "--priority", "urgent") == ["cust2"]
    assert handles(cli, "--kind", "praise") == ["cust1"]
    assert handles(cli, "--kind", "question") == ["cust3"]
    assert sorted(handles(cli)) == ["cust1", "cust2", "cust3"]


def test_sorted_by_deadline_and_by_age(cli: Cli) -> None:
    old = message(
        "m4", "@NorthlineAir what time does the desk open?", "cust4", created_at="2026-11-20T09:00:00Z"
    )
    queued(cli, *ROWS, old)
    assert handles(cli, "--sort", "received")[0] == "cust4"
    due = [one["due_at"] for one in cli("list", "--sort", "due", "--json", now=NOW).records]
    known = [one for one in due if one is not None]
    assert known == sorted(known)
    assert due[: len(known)] == known  # without a deadline: last


def test_by_assignee(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, *ROWS)
    done(cli("claim", ticket, "--as", "mo", now=NOW))
    assert len(handles(cli, "--assignee", "mo")) == 1
    assert handles(cli, "--assignee", "sb") == []


def test_urgent_is_no_word_for_status(cli: Cli) -> None:
    assert cli("list", "--status", "urgent").code == 2
    assert cli("list", "--priority", "open").code == 2
    assert cli("list", "--sort", "size").code == 2


BAGS = (
    message("b1", "@NorthlineAir my LOST bag is in Málaga", "cust1", created_at="2026-11-20T09:00:00Z"),
    message(
        "b2", "@NorthlineAir lost my patience; the bag is fine", "cust2", created_at="2026-11-20T09:10:00Z"
    ),
    message("b3", "@NorthlineAir is there a bagel on board?", "cust3", created_at="2026-11-20T09:20:00Z"),
    message("b4", "@NorthlineAir où est mon café?", "cust4", created_at="2026-11-20T09:30:00Z"),
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lost bag", ["cust2", "cust1"]),
        ("bag lost", ["cust2", "cust1"]),
        ('"lost bag"', ["cust1"]),
        ("bag*", ["cust3", "cust2", "cust1"]),
        ("malaga", ["cust1"]),
        ("CAFE", ["cust4"]),
        ("unheard", []),
        ("bag OR bagel", []),  # no language of queries: three words
        ('"; DROP TABLE words; --', []),
        ("text:bag", []),
        ("NEAR(lost bag)", []),
    ],
)
def test_by_words_the_newest_match_first(cli: Cli, words: str, found: list[str]) -> None:
    queued(cli, *BAGS)
    assert handles(cli, "--match", words) == found


def test_words_and_other_filters_and_another_order(cli: Cli) -> None:
    queued(cli, *BAGS)
    assert handles(cli, "--match", "bag*", "--limit", "2") == ["cust3", "cust2"]
    assert handles(cli, "--match", "bag*", "--sort", "received") == ["cust1", "cust2", "cust3"]
    assert handles(cli, "--match", "bag*", "--sort", "received", "--limit", "1") == ["cust1"]
    one = done(cli("list", "--match", "bagel", "--json", now=NOW)).record
    assert handles(cli, "--match", "bag*", "--kind", one["kind"], "--status", one["status"])[0] == "cust3"
    done(cli("label", one["id"], "+food", now=NOW))
    assert handles(cli, "--match", "bag*", "--label", "food") == ["cust3"]
    done(cli("snooze", one["id"], "--for", "1h", now=NOW))
    assert handles(cli, "--match", "bag*", "--snoozed") == ["cust3"]
    assert handles(cli, "--match", "bag*") == ["cust3", "cust2", "cust1"]


def test_words_in_any_message_ours_too_and_what_came_after_the_first_search(cli: Cli) -> None:
    ticket = queued(cli, BAGS[0])
    assert handles(cli, "--match", "courier") == []
    text = "@cust1 So sorry about your bag. Please DM us the reference and a courier will bring it. ^SB"
    answer = message("o1", text, "NorthlineAir", in_reply_to="b1", direction="outbound", created_at=LATER)
    more = message("b9", "thank you, and the buggy?", "cust1", in_reply_to="b1", created_at=LATER)
    cli.write("inbox.jsonl", BAGS[0], answer, more)
    done(cli("fetch", now=LATER))
    for words in ("courier", "buggy", "malaga"):
        assert [one["id"] for one in done(cli("list", "--match", words, "--json", now=LATER)).records] == [
            ticket
        ]


@pytest.mark.parametrize("words", ["", "...", '"', "*", "@ # !"])
def test_a_match_needs_a_word(cli: Cli, words: str) -> None:
    queued(cli, *BAGS)
    run = cli("list", "--match", words, now=NOW)
    assert run.code == 2
    assert "no word" in one_line(run)[0]


def test_a_saved_filter_and_what_wins_over_it(cli: Cli) -> None:
    policy(cli, f'{TWO_AGENTS}\n[filters.bags]\nmatch = "bag*"\nsort = "received"\nlimit = 2\n')
    queued(cli, *BAGS)
    assert handles(cli, "--filter", "bags") == ["cust1", "cust2"]
    assert handles(cli, "--filter", "bags", "--limit", "0") == ["cust1", "cust2", "cust3"]
    assert handles(cli, "--filter", "bags", "--match", "bagel") == ["cust3"]
    assert handles(cli, "--filter", "late", "--status", "solved") == []  # shipped


def test_an_unknown_filter_is_named_with_the_known_ones(cli: Cli) -> None:
    policy(cli, '[filters.bags]\nmatch = "bag*"\n')
    run = cli("list", "--filter", "bikes", now=NOW)
    assert run.code == 5
    told, hint = one_line(run)
    assert told == 'no filter "bikes"'
    assert "bags" in hint
    assert "late" in hint


def test_a_claim_that_ended_is_nobodys(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("claim", ticket, now=NOW))
    assert [one["id"] for one in done(cli("list", "--assignee", "sb", "--json", now=NOW)).records] == [ticket]
    assert done(cli("list", "--assignee", "sb", "--json", now="2026-11-20T11:00:00Z")).records == []


def test_every_filter_alone(cli: Cli) -> None:
    ticket = queued(cli, *ROWS)
    done(cli("label", ticket, "+crew", now=NOW))
    assert handles(cli, "--label", "crew") == ["cust1"]
    assert handles(cli, "--label", "none") == []
    assert handles(cli, "--account", "support") == handles(cli)
    assert cli("list", "--account", "press", now=NOW).code == 5
    assert handles(cli, "--status", "new") == []
    assert len(handles(cli, "--status", "open")) == 3
    late = [
        one["customer"]["handle"]
        for one in done(cli("list", "--overdue", "--json", now="2026-11-20T10:30:00Z")).records
    ]
    assert late == ["cust2"]


def test_a_label_is_read_as_label_reads_it(cli: Cli) -> None:
    ticket = queued(cli, *ROWS)
    done(cli("label", ticket, "+baggage", now=NOW))
    for typed in ("baggage", "+baggage", "Baggage", "+BAGGAGE"):
        assert handles(cli, "--label", typed) == ["cust1"]
    for typed in ("A B", "-baggage", "", "++a"):
        run = cli("list", "--label", typed, now=NOW)
        told, hint = one_line(run)
        assert (run.code, hint[:10]) == (2, "a label is"), typed
        assert "is no label" in told


def test_an_incident_that_nobody_knows_is_named(cli: Cli) -> None:
    queued(cli)
    run = cli("list", "--incident", "i1", now=NOW)
    assert (run.code, one_line(run)[0]) == (5, 'no incident "i1"')
    assert cli("export", "--incident", "i1", now=NOW).code == 5


def test_nothing_to_show_is_said_beside_the_answer(cli: Cli) -> None:
    run = done(cli("list", now=NOW))
    assert (run.out, run.err) == ("", "no tickets\n")
    queued(cli)
    run = done(cli("list", "--status", "solved", now=NOW))
    assert (run.out, run.err) == ("", "no ticket passes the filter\n")
    assert done(cli("-q", "list", "--status", "solved", now=NOW)).err == ""


def test_a_list_that_is_cut_says_what_is_left(cli: Cli) -> None:
    rows = [message(f"m{n}", f"@NorthlineAir is seat {n} free?", f"cust{n}") for n in range(60)]
    ticket = queued(cli, *rows)
    run = done(cli("list", now=NOW))
    assert (len(run.out.splitlines()), run.err) == (50, "10 more: --limit 0 shows all\n")
    assert done(cli("list", "--match", "seat", now=NOW)).err == "more: --limit 0 shows all\n"
    for whole in (("--limit", "0"), ("--limit", "5"), ("--json",), ("--match", "59"), ("--status", "open")):
        shown = done(cli("list", *whole, now=NOW))
        assert shown.err == ("" if whole[0] != "--status" else "10 more: --limit 0 shows all\n"), whole
    first = "".join(f"{line.split()[0]}\n" for line in run.out.splitlines())
    done(cli("label", "-", "+seats", input=first, now=NOW))
    done(cli("snooze", "-", "--for", "1h", input=first, now=NOW))
    for fifty in (("--label", "seats"), ("--snoozed",), ("--match", "seat", "--label", "seats")):
        shown = done(cli("list", *fifty, now=NOW))
        assert (len(shown.out.splitlines()), shown.err) == (50, "")
    rest = next(one["id"] for one in done(cli("list", "--json", now=NOW)).records if not one["labels"])
    done(cli("label", rest, ticket, "+seats", now=NOW))
    assert done(cli("list", "--label", "seats", now=NOW)).err == "1 more: --limit 0 shows all\n"
