"""Records as people read them: widths, cuts, clocks, and nothing of a stranger's that acts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from wcwidth import wcswidth

from socialcli import render
from socialcli.console import Screen
from socialcli.model.answers import Health, Made, Offline, OfflineReason, Part, Why
from socialcli.model.assessment import Assessment, Reason
from socialcli.model.check import Check, Finding, Length
from socialcli.model.draft import Draft, Reach
from socialcli.model.message import Author, Message
from socialcli.model.optout import OptOut
from socialcli.model.statement import Statement
from socialcli.model.ticket import Customer, Event, Ticket, with_times
from socialcli.render.offline import moves
from socialcli.render.protection import opt_outs

NOW = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)
PIPE = Screen(terminal=False, colour=False, width=0)
PLAIN = Screen(terminal=True, colour=False, width=80)
COLOUR = Screen(terminal=True, colour=True, width=80)
ESC = "\x1b"


def ticket(**changes: Any) -> Ticket:
    facts: dict[str, Any] = {
        "id": "2fufp5hnk3nw", "network": "file", "account": "support", "customer": Customer("cust1", None),
        "text": "my bag is lost", "received_at": NOW, "status": "open", "respond": "respond",
        "priority": "urgent", "score": 95, "kind": "complaint", "topic": "baggage", "sentiment": -0.5,
        "register": "neutral", "language": "en", "due_at": NOW + timedelta(minutes=10), "overdue": False,
        "assignee": None, "incident": None, "messages": 1, "labels": (), "snoozed_until": None,
        "opened_at": NOW,
    }  # fmt: skip
    return Ticket(**(facts | changes))


def draft(**changes: Any) -> Draft:
    check = Check(True, "file", "public", Length(9, 280, "weighted characters"), ())
    facts: dict[str, Any] = {
        "id": "abc", "ticket": "2fufp5hnk3nw", "target": "m1", "text": "Sorry ^SB", "account": "support",
        "agent": "sb", "road": "api", "state": "sent", "check": check,
    }  # fmt: skip
    return Draft(**(facts | changes))


def hidden(text: str) -> str:
    return text.replace("bag", "•••")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("a longer text", 8, "a longe…"),
        ("飛飛飛", 6, "飛飛飛"),
        ("飛飛飛飛", 6, "飛飛…"),
        ("飛飛飛飛", 7, "飛飛飛…"),
        ("\U0001f62d\U0001f62d\U0001f62d", 4, "\U0001f62d…"),
        ("e\u0301" * 4, 4, "e\u0301" * 4),
        ("all of it", 0, "all of it"),
    ],
)
def test_cut_counts_columns(text: str, width: int, shown: str) -> None:
    assert render.cut(text, width) == shown


def test_a_table_is_tabs_off_a_terminal() -> None:
    assert list(render.columns([("a", "b" * 200), ("c", "d")], PIPE)) == ["a\t" + "b" * 200, "c\td"]


def test_a_table_is_aligned_on_a_terminal() -> None:
    lines = list(render.columns([("飛", "one"), ("four", "two")], PLAIN))
    assert lines == ["飛    one", "four  two"]


def test_no_cell_pushes_the_last_one_off_the_screen() -> None:
    (line,) = render.columns([("h" * 300, "j" * 300, "text " * 80)], PLAIN)
    assert wcswidth(line) <= 80
    assert "text" in line


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "in 0m"), (59, "in 59m"), (60, "in 1h00m"), (125, "in 2h05m"), (1440, "in 1d"), (-1, "1m ago"),
        (-1439, "23h59m ago"), (-2880, "2d ago"),
    ],
)  # fmt: skip
def test_due(minutes: int, shown: str) -> None:
    assert render.due(ticket(due_at=NOW + timedelta(minutes=minutes)), NOW) == shown


@pytest.mark.parametrize("status", ["pending", "solved", "closed"])
def test_who_waits_for_nothing_has_no_clock(status: str) -> None:
    assert render.due(ticket(status=status), NOW) == "-"


def test_tickets_are_full_in_pipes_and_masked_on_terminals() -> None:
    view = render.tickets(NOW, hidden)
    (piped,) = view([ticket()], PIPE)
    assert piped.split("\t") == [
        "2fufp5hnk3nw", "urgent", "open", "2026-11-20T10:15:00Z", "@cust1", "my bag is lost",
    ]  # fmt: skip
    head, shown = view([ticket()], PLAIN)
    assert head.split() == ["TICKET", "PRIORITY", "STATUS", "DUE", "CUSTOMER", "TEXT"]
    assert "my ••• is lost" in shown
    assert "in 10m" in shown
    assert list(view([], PLAIN)) == []
    assert list(view([], PIPE)) == []


def test_a_new_ticket_has_no_priority_yet() -> None:
    new = ticket(status="new", priority=None, respond=None, score=None, due_at=None)
    (line,) = render.tickets(NOW, hidden)([new], PIPE)
    assert line.split("\t")[1:4] == ["-", "new", "-"]


def test_colour_only_where_there_is_colour() -> None:
    view = render.tickets(NOW, hidden)
    assert ESC not in "".join(view([ticket()], PLAIN))
    assert f"{ESC}[1;31murgent" in "".join(view([ticket()], COLOUR))


def test_a_page_indents_what_strangers_wrote() -> None:
    forged = "hi\n2026-11-20T10:06:00Z  us  [m9]"
    post = Message("m1", "file", "support", Author(None, f"c{ESC}[2J"), forged, NOW)
    lines = list(render.ticket_page(NOW, hidden)([ticket(), post], PIPE))
    assert lines[0].startswith("2fufp5hnk3nw  @cust1")
    assert lines[-2:] == ["  hi", "  2026-11-20T10:06:00Z  us  [m9]"]
    assert "c\\x1b[2J" in lines[-3]
    assert ESC not in "".join(lines)


def test_a_page_wraps_on_a_terminal_and_not_in_a_pipe() -> None:
    text = "word  " * 60
    post = Message("m1", "file", "support", Author(None, "c"), text, NOW)
    view = render.ticket_page(NOW, hidden)
    assert list(view([post], PIPE))[-1] == f"  {text}"
    assert all(len(line) <= 80 for line in view([post], PLAIN))


def test_the_customers_words_are_masked_in_the_log() -> None:
    data = {"author": {"handle": "c"}, "text": "my bag", "whole": {"text": "w"}}
    event = Event("2026-11-20T10:05:00Z", "1", "message", "t1", None, data)
    view = render.events(hidden)
    assert list(view([event], PLAIN)) == ["2026-11-20T10:05:00Z  t1            message  @c: my •••"]
    assert list(view([event], PIPE)) == ["2026-11-20T10:05:00Z  t1            message  @c: my bag"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("note", {"text": "her bag"}),
        ("override", {"fields": {"priority": "high"}, "reason": "lost bag"}),
        ("draft", {"draft": "d1", "whole": {"text": "Your bag ^SB"}}),
    ],
)
def test_notes_reasons_and_drafts_are_masked_in_the_log(kind: str, data: dict[str, Any]) -> None:
    event = Event("2026-11-20T10:05:00Z", "1", kind, "t1", "sb", data)
    for view in (render.events(hidden), render.ticket_page(NOW, hidden)):
        assert "•••" in "".join(view([event], PLAIN))
        assert "bag" not in "".join(view([event], PLAIN))
        assert "bag" in "".join(view([event], PIPE))


def test_the_customers_name_is_masked_on_a_terminal() -> None:
    view = render.ticket_page(NOW, hidden)
    one = ticket(customer=Customer("cust1", "bag 900123"))
    assert "(••• 900123)" in "".join(view([one], PLAIN))
    assert "(bag 900123)" in "".join(view([one], PIPE))


def test_no_field_of_the_journal_acts_on_the_terminal() -> None:
    bad = f"x{ESC}[2J\u202e"
    one = ticket(
        id=bad, status=bad, priority=bad, kind=bad, topic=bad, respond=bad, assignee=bad, network=bad
    )
    finding = Finding(bad, "error", 0, 1, bad, bad)
    check = Check(False, bad, "public", Length(9, 280, "characters"), (finding,))
    kept = draft(
        id=bad,
        ticket=bad,
        account=bad,
        agent=bad,
        state=bad,
        reason=bad,
        remote_id=bad,
        text=bad,
        check=check,
    )
    parked = draft(id=bad, ticket=bad, state="by-hand", url=bad)
    waiting = draft(id=bad, ticket=bad, state="awaiting-approval")
    event = Event(bad, "1", bad, bad, bad, {bad: bad})
    reach = Reach(bad, bad, "api", bad, "0", "USD")
    shown = [
        *render.tickets(NOW, hidden)([one], PIPE),
        *render.tickets(NOW, hidden)([one], PLAIN),
        *render.ticket_page(NOW, hidden)([one, kept, parked, waiting, event], PLAIN),
        *render.reaches([reach], PIPE),
    ]
    assert len(shown) > 15
    assert not [line for line in shown if ESC in line or "\u202e" in line]


def test_a_note_in_the_log() -> None:
    event = Event("2026-11-20T10:05:00Z", "1", "note", "t1", "sb", {"text": "two\nlines"})
    (line,) = render.events(hidden)([event], PIPE)
    assert line.endswith("note by sb  text=two lines")


def test_a_finding_shows_its_words_and_what_to_do() -> None:
    text = "See https://bit.ly/x now"
    finding = Finding("links/shortener", "error", 4, 20, "hides where it leads", "use the whole address")
    check = Check(False, "x", "public", Length(24, 280, "weighted characters"), (finding,))
    assert list(render.check_lines(check, text, PIPE)) == [
        "not ok: x public, 24 of 280 weighted characters",
        '  error links/shortener "https://bit.ly/x": hides where it leads',
        "    use the whole address",
    ]


def test_a_draft_to_be_posted_by_hand_says_how() -> None:
    lines = list(render.draft_lines(draft(state="by-hand", road="hand", url="https://x.example/1"), PIPE))
    assert "  | Sorry ^SB" in lines
    assert any(
        "https://x.example/1" in line and "socialcli done 2fufp5hnk3nw --url" in line for line in lines
    )


def test_a_draft_says_what_it_costs_and_where_it_stands() -> None:
    check = Check(True, "x", "public", Length(9, 280, "weighted characters"), ())
    paid = draft(state="composed", check=check, cost="0.200")
    assert "  costs 0.200 USD" in list(render.draft_lines(paid, PIPE))
    sent = draft(check=check, cost="0.200", remote_id="7", url="https://x.example/7")
    lines = list(render.draft_lines(sent, PIPE))
    assert ("  cost 0.200 USD" in lines, "  https://x.example/7" in lines) == (True, True)
    for free in ("0", "0.000"):
        assert not any("cost" in line for line in render.draft_lines(draft(cost=free), PIPE))


@pytest.mark.parametrize("state", ["parked", "failed", "unknown", "intended", "approved"])
def test_what_is_not_finished_says_what_comes_next(state: str) -> None:
    for ticket in ("2fufp5hnk3nw", None):
        lines = list(render.draft_lines(draft(state=state, ticket=ticket), PIPE))
        (step,) = [line for line in lines if line.startswith("  next: ")]
        assert "None" not in step


def test_long_lines_end_at_words_on_a_terminal_alone() -> None:
    words = "every long word of it stays whole " * 8
    finding = Finding("tone/robotic", "warning", 0, 0, words, words)
    check = Check(False, "x", "public", Length(24, 280, "weighted characters"), (finding,))
    health = Health("policies.toml", "broken", words, words)
    for screen in (PLAIN, COLOUR):
        for shown in (render.check_lines(check, "", screen), render.health([health], screen)):
            lines = [re.sub(f"{ESC}[^m]*m", "", line) for line in shown]
            assert max(map(len, lines)) <= 80
            assert " ".join(" ".join(lines).split()).count(words.strip()) == 2
    assert len(list(render.check_lines(check, "", PIPE))) == 3
    assert len(list(render.health([health], PIPE))) == 2


def test_a_reach_says_what_it_costs() -> None:
    free = Reach("t1", "support", "api", "a public reply", "0", "USD")
    paid = Reach("t1", "support", "api", "a public reply", "0.015", "USD")
    assert list(render.reaches([free, paid], PIPE)) == [
        "t1 through support: api, free of charge (a public reply)",
        "t1 through support: api, 0.015 USD (a public reply)",
    ]


def test_a_statement_belongs_to_no_ticket() -> None:
    for state in ("sent", "awaiting-approval", "by-hand"):
        lines = list(render.drafts([draft(ticket=None, target=None, state=state)], PIPE))
        assert lines[0] == f"statement abc through support by sb: {state}"
        assert not any("None" in line for line in lines)


def test_a_statement_shows_its_promise() -> None:
    said = Statement(
        draft="abc",
        account="support",
        stage="identified",
        state="sent",
        text=f"The cause is found.\n{ESC}[2JMore by 10:30.",
        at=NOW,
        url="https://x.example/1",
        incident=None,
        next_update_at=NOW + timedelta(minutes=25),
        overdue=True,
    )
    assert list(render.statements([said], PIPE)) == [
        "abc  2026-11-20T10:05:00Z  support  identified: sent  https://x.example/1",
        "  | The cause is found.",
        r"  | \x1b[2JMore by 10:30.",
        "  next update promised for 2026-11-20T10:30:00Z: overdue",
    ]
    lines = list(render.statements([said], COLOUR))
    assert "\x1b[1;31moverdue\x1b[0m" in lines[-1]


def test_the_log_tells_how_far_a_statement_goes() -> None:
    data = {"draft": "abc", "said": {"stage": "identified", "next_update": 1800, "incident": None}}
    event = Event(at="2026-11-20T10:05:00.000000Z", id="e1", event="sent", ticket=None, by="sb", data=data)
    assert list(render.events(str)([event], PIPE)) == [
        "2026-11-20T10:05:00Z  -             sent by sb  draft abc  said=identified"
    ]


def planned(event: str, data: dict[str, Any]) -> str:
    (line,) = render.events(str)([Event(None, None, event, "hhyo6nezxpdq", "sb", with_times(data))], PIPE)
    return line


def test_a_plan_has_no_time_and_is_said_in_words() -> None:
    assert planned("labelled", {"add": ["baggage", "oslo"], "remove": ["vip"]}) == (
        "would be: hhyo6nezxpdq  labelled +baggage +oslo -vip (sb)"
    )
    assert planned("released", {}) == "would be: hhyo6nezxpdq  released (sb)"
    until = int(NOW.timestamp())
    assert planned("claimed", {"agent": "sb", "until": until}) == (
        "would be: hhyo6nezxpdq  claimed agent=sb  until=2026-11-20T10:05:00Z (sb)"
    )
    assert planned("snoozed", {"until": 0}) == "would be: hhyo6nezxpdq  snoozed until=now (sb)"
    assert planned("split", {"as": "abc", "messages": ["m1", "m2"]}) == (
        "would be: hhyo6nezxpdq  split as=abc  messages=m1, m2 (sb)"
    )


def test_lists_and_tables_of_the_log_are_words() -> None:
    data = {"fields": {"priority": "high", "tags": []}, "events": ["e1", "e2"], "agreed": True}
    event = Event("2026-11-20T10:05:00.000000Z", "1", "override", "t1", "sb", data)
    (line,) = render.events(str)([event], PIPE)
    assert line.endswith("override by sb  fields=priority high, tags none  events=e1, e2  agreed=yes")


def why_of(text: str) -> Why:
    found = Assessment(
        "m1", "2fufp5hnk3nw", "respond", "urgent", 93, "complaint", "baggage", -0.5, "neutral", "service", "en",
        (), (Reason("complaint/not-delivered", "never arrived " * 8, 0, 3, 20),),
    )  # fmt: skip
    part = Part("complaint/not-delivered", 20, "never arrived " * 8, 0, 3, "m1", None)
    return Why("2fufp5hnk3nw", found, text, {"due": "-"}, {}, ("less " * 40,), (part,))


def test_on_a_terminal_lines_end_between_words_and_a_pipe_has_them_whole() -> None:
    words = {f"word{n:02}" for n in range(40)}
    text = " ".join(sorted(words))
    message = {"author": {"handle": "c"}, "text": text}
    one = ticket(assignee="sb", labels=tuple(sorted(words)), customer=Customer("cust1", text))
    pages: dict[str, tuple[Any, list[Any]]] = {
        "log": (render.events(str), [Event("2026-11-20T10:05:00Z", "1", "message", "t1", None, message)]),
        "show": (render.ticket_page(NOW, str), [one]),
        "why": (render.why(lambda _: ()), [why_of(text)]),
        "can": (render.reaches, [Reach("2fufp5hnk3nw", "support", "api", text, "0", "USD")]),
        "move-offline": (
            moves,
            [Offline("t1", True, (OfflineReason("offline/turns", text),), None, (), {}, None)],
        ),
        "opt-out": (opt_outs("lifted"), [OptOut("cust1", None, "file", "t1", "m1", NOW, None, text)]),
    }
    for name, (view, records) in pages.items():
        shown = list(view(records, PLAIN))
        assert max(map(wcswidth, shown)) <= 80, name
        assert words <= set(re.findall(r"word\d\d", "\n".join(shown))), name
        assert any(len(line) > 80 for line in view(records, PIPE)), name
        coloured = [re.sub(f"{ESC}\\[[0-9;]*m", "", line) for line in view(records, COLOUR)]
        assert coloured == shown, name


def test_many_files_of_a_folder_are_one_line_on_a_terminal() -> None:
    files = [Made("w/policies.toml", "made"), *(Made(f"w/t/{n}.j2", "made") for n in range(20))]
    assert list(render.made(files, PLAIN)) == ["made     w/policies.toml", "made     w/t: 20 files"]
    assert len(list(render.made(files, PIPE))) == 21


def test_an_answered_ticket_has_no_deadline_on_its_page() -> None:
    view = render.ticket_page(NOW, str)
    assert "due 2026-11-20T10:15:00Z (in 10m)" in "".join(view([ticket()], PIPE))
    assert "due" not in "".join(view([ticket(status="pending")], PIPE))


def test_labels_have_the_room_that_is_free() -> None:
    labels = ("baggage", "compensation", "damaged", "oslo")
    view = render.organised(NOW)
    (line,) = list(view([ticket(labels=labels)], PLAIN))[1:]
    assert line.endswith(" ".join(labels))
    asleep = ticket(labels=labels, snoozed_until=NOW + timedelta(hours=2))
    (line,) = list(view([asleep], PLAIN))[1:]
    assert "2026-11-20T12:05:00Z" in line
    assert wcswidth(line) <= 80
    (piped,) = view([asleep], PIPE)
    assert piped.split("\t")[2:] == ["2026-11-20T12:05:00Z", " ".join(labels)]


def test_a_ticket_that_sleeps_says_so_on_a_terminal_and_keeps_its_status_in_pipes() -> None:
    asleep = ticket(snoozed_until=NOW + timedelta(hours=2), labels=("baggage",))
    assert "asleep" in "\n".join(render.tickets(NOW, str)([asleep], PLAIN))
    assert "\topen\t" in "\n".join(render.tickets(NOW, str)([asleep], PIPE))
    page = "\n".join(render.ticket_page(NOW, str)([asleep], PIPE))
    assert "asleep until 2026-11-20T12:05:00Z  +baggage" in page
