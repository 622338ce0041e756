"""What stands on the screen, how it takes keys, and what it never lets through."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, done, message, policy, queued
from tests.e2e.test_terminal import CTRL_C, DOWN, ENTER, ERASE
from tests.guided.stage import OWN_WORDS, SIGNED, SORRY, complaints, events, guided, kept, say, write
from tests.samples import TWO_AGENTS

COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;5;\d+)[0-9;]*m")


def test_the_page_tells_who_what_why_until_when_and_by_which_road(cli: Cli) -> None:
    complaints(cli, 1)
    with guided(cli, size=(100, 40)) as shown:
        shown.until("Start from:")
        for told in (
            "@cust1",
            "NL201 never arrived",
            "why: ",
            "road: api, free of charge",
            "due in ",
            " 1 apology: ",
            "I'm really sorry",  # the preview of it
        ):
            shown.until(told)
        shown.type("q")
        assert shown.end() == 130


def test_length_and_findings_follow_the_typing(cli: Cli) -> None:
    complaints(cli, 1)
    with guided(cli) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply: in public to @cust1")
        shown.type("Send us your card number, please.")
        shown.until("error privacy/asks-in-public")
        shown.type(ERASE + "x" * 300)
        shown.until("304 of 280  too long")
        shown.type(ERASE + SORRY)
        shown.until(f"{len(SIGNED)} of 280  ok")
        shown.resize(60, 20)
        shown.until("due in")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED


def test_what_the_check_refuses_can_be_mended_but_not_posted(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, "Please send us your full card number here.")
        shown.until("Not ready")
        shown.type("p")
        shown.type("e")
        shown.until("Reply:")
        shown.type(ERASE + SORRY + ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SIGNED]


def test_keys_that_come_in_a_bunch_post_nothing(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("please post")
        shown.until("one key at a time: nothing was done")
        shown.type("\x1b[200~p\x1b[201~")  # a paste
        shown.type("q")
        assert shown.end() == 130
    assert cli.lines("outbox.jsonl") == []


def test_a_post_can_be_taken_back_for_a_moment(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1, '[outbox]\nundo = "5m"\n')
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("p")
        shown.until("Posting in 300 s")
        shown.type("u")
        shown.until("Reply:")
        assert cli.lines("outbox.jsonl") == []
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        shown.until("Posting in")
        shown.type(ENTER)
        assert shown.end() == 0
    assert len(cli.lines("outbox.jsonl")) == 1


def test_a_missing_variable_is_asked_for(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    head = '+++\ntitle = "Found"\nkinds = ["complaint"]\ntopics = ["baggage"]\nlanguages = ["en"]\n\n[variables.where]\n'
    head += 'description = "where the bag is"\nrequired = true\n+++\n'
    (folder / "found.j2").write_text(
        head + "So sorry about your bag. It is in {{ where }}.\n", encoding="utf-8"
    )
    queued(cli, message())
    with guided(cli) as shown:
        shown.until("1 found: Found")
        shown.until("It is in [where].")
        shown.type("1")
        say(shown, "where the bag is:", "Lisbon")
        shown.until("Reply:")
        shown.until("It is in Lisbon.")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == "So sorry about your bag. It is in Lisbon. ^SB"


def test_another_editor_has_the_text_and_gives_it_back(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    script = cli.workspace / "editor.sh"
    script.write_text(
        f"#!/bin/sh\ngrep -q 'So sorry' \"$1\" && printf '%s' '{SORRY}' > \"$1\"\n", encoding="utf-8"
    )
    script.chmod(0o755)
    with guided(cli, ticket, env={"EDITOR": str(script)}) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type("So sorry")
        shown.until("So sorry")
        shown.type("\x0f")
        shown.until("trace it now.")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED
    assert list((cli.workspace / ".socialcli" / "writing").iterdir()) == []


def test_nothing_hostile_reaches_the_terminal(cli: Cli) -> None:
    nasty = "\x1b]0;owned\x07\u202e\x9b2J"
    policy(cli, TWO_AGENTS)
    queued(
        cli,
        message(text=f"@NorthlineAir my bag {nasty} never arrived", author={"handle": "c1", "name": nasty}),
    )
    with guided(cli) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type(f"\x1b[200~A{nasty}B\x1b[201~")
        shown.until("text/invisible")
        shown.type(ENTER)
        shown.until("Not ready")
        shown.type("q")
        assert shown.end() == 130
    for one in ("\x1b]0;", "\u202e", "\x9b"):
        assert one not in shown.written


def test_without_colour_there_is_none(cli: Cli) -> None:
    complaints(cli, 1)
    for env, coloured in (({"NO_COLOR": "1"}, False), ({}, True)):
        with guided(cli, env=env) as shown:
            shown.until("Start from:")
            shown.type(OWN_WORDS)
            shown.until("Reply:")
            shown.type("Hm, send your PIN.")
            shown.until("error privacy/")
            shown.type("\x03")
            assert shown.end() == 130
            assert bool(COLOUR.search(shown.written)) == coloured


def test_a_dumb_terminal_is_asked_in_lines(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, env={"TERM": "dumb"}) as shown:
        shown.until("Start from:")
        shown.until("> ")
        shown.type(f"{OWN_WORDS}\n")
        shown.until("Enter alone: done")
        shown.type(f"{SORRY}\n")
        shown.until("of 280  ok")
        assert kept(cli, ticket) is None or kept(cli, ticket)["text"] == SORRY
        shown.type("\n")
        shown.until("Post it?")
        shown.type("i\n")
        shown.until("A note for the team, never posted:")
        shown.type("On hold with baggage.\n")
        shown.until("noted")
        shown.until("p post")
        shown.type("p\n")
        assert shown.end() == 0
        assert "\x1b" not in shown.written
    assert events(cli, ticket, "note")[0]["data"]["text"] == "On hold with baggage."
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_what_is_asked_for_without_a_text_is_guided(cli: Cli, arguments: tuple[str, ...]) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket, *arguments) as shown:
        shown.until("Start from:")
        shown.type("q")
        assert shown.end() == 130
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert listed["assignee"] is None
    assert kept(cli, ticket) is None


def test_what_the_knowledge_base_answers_is_offered(cli: Cli) -> None:
    complaints(cli, 1)
    entry = {
        "question": "My bag never arrived",
        "answer": "We bring late bags to your door.",
        "language": "en",
    }
    cli.write("kb.jsonl", entry, {"question": "Do you fly to Mars?", "answer": "Not yet."})
    with guided(cli) as shown:
        shown.until("3 knowledge base: My bag never arrived")
        assert not any("Mars" in line for line in shown.lines)
        shown.type("3")
        shown.until("We bring late bags to your door.")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == "We bring late bags to your door. ^SB"


def test_a_rule_that_may_be_passed_over_is_with_a_reason(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, "So sorry about your bag. It comes with flight NL XXXX today.")
        shown.until("o allow it")
        shown.type("o")
        say(shown, "Why may text/placeholder pass:", "a drill")
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    journal = (cli.workspace / "queue.jsonl").read_text(encoding="utf-8")
    assert "(allowed by sb: a drill)" in journal


def test_a_program_of_the_team_can_draft(cli: Cli) -> None:
    program = cli.workspace / "drafts.sh"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{SORRY}'\n", encoding="utf-8")
    program.chmod(0o755)
    first, second = complaints(cli, 2, f'[reply]\ndraft_command = ["{program}"]\n')
    with guided(cli) as shown:
        for edited in ("", " Sorry again."):
            shown.until("3 a draft by your program")
            shown.type("3")
            shown.until("we will trace it now.")
            shown.type(edited + ENTER)
            shown.until("Post it?")
            shown.type("p")
            shown.until(second)
        assert shown.end() == 0
    wholes = [events(cli, one, "intended")[0]["data"]["whole"] for one in (first, second)]
    assert [one["text"] for one in wholes] == [SIGNED, f"{SORRY} Sorry again. ^SB"]
    assert [one.get("by_program", False) for one in wholes] == [True, False]


def test_what_a_program_drafted_stays_marked_when_it_is_gone_on_with_later(cli: Cli) -> None:
    program = cli.workspace / "drafts.sh"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{SORRY}'\n", encoding="utf-8")
    program.chmod(0o755)
    (ticket,) = complaints(cli, 1, f'[reply]\ndraft_command = ["{program}"]\n')
    with guided(cli) as shown:
        shown.until("3 a draft by your program")
        shown.type("3")
        shown.until("Reply:")
        shown.until("we will trace it now.")
        shown.type(CTRL_C)
        assert shown.end() == 130
    with guided(cli) as shown:
        shown.until("1 what you wrote before")
        shown.type("1")
        shown.until("Reply:")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    (intended,) = events(cli, ticket, "intended")
    assert intended["data"]["whole"]["by_program"] is True


def test_the_entry_that_answers_the_very_question_stands_first(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(text="@NorthlineAir can I take a cello on board as cabin baggage?"))
    entry = {
        "question": "Can I take a cello on board?",
        "answer": "A cello has a seat of its own.",
        "language": "en",
    }
    cli.write("kb.jsonl", entry)
    with guided(cli) as shown:
        shown.until(" 1 knowledge base: Can I take a cello on board?")
        shown.until("1 of ")
        shown.type(DOWN + DOWN)
        shown.until("3 of ")  # one's own words have nothing to preview
        shown.type("1")
        shown.until("A cello has a seat of its own.")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
        assert (
            sum("| A cello has a seat" in line for line in shown.lines) == 1
        )  # what stands there is not said again
    assert cli.lines("outbox.jsonl")[0]["text"] == "A cello has a seat of its own. ^SB"


def test_what_a_program_translates_is_shown_as_a_machines_both_ways(cli: Cli) -> None:
    program = cli.workspace / "put.sh"
    program.write_text(
        "#!/bin/sh\nif grep -q '\"to\":\"en\"'; then echo 'My suitcase has not come.'\n"
        "else echo 'Lo sentimos mucho. Escr\u00edbanos su referencia por DM.'; fi\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    policy(cli, f'{TWO_AGENTS}[reply]\ntranslate_command = ["{program}"]\n')
    ticket = queued(
        cli, message(text="@NorthlineAir mi maleta no ha llegado a Madrid y llevo dos horas esperando.")
    )
    with guided(cli, ticket, size=(100, 40)) as shown:
        shown.until("put into en by a program:")
        shown.until("| My suitcase has not come.")
        write(shown, "We are very sorry. Please send us the reference of your bag in a direct message.")
        shown.until("v put into es")
        shown.type("v")
        shown.until("put into es by a program; your own words are kept")
        shown.until("| Lo sentimos mucho.")
        shown.until("Post it?")
        shown.type("b")
        shown.until(" 2 what you wrote before: We are very sorry.")
        shown.type("1")
        shown.until("Reply:")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    whole = events(cli, ticket, "intended")[0]["data"]["whole"]
    assert whole["text"] == "Lo sentimos mucho. Escr\u00edbanos su referencia por DM. ^SB"
    assert whole["translated"] == "es"


def test_a_program_that_does_not_translate_is_told_and_stops_nobody(cli: Cli) -> None:
    policy(cli, f'{TWO_AGENTS}[reply]\ntranslate_command = ["/bin/false"]\n')
    queued(cli, message(text="@NorthlineAir mi maleta no ha llegado a Madrid y llevo dos horas esperando."))
    with guided(cli) as shown:
        shown.until("reply.translate_command: /bin/false")
        write(shown, SORRY)
        shown.until("v put into es")
        shown.type("v")
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED
