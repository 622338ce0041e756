"""``lint --ticket``: what the customer wrote in another ticket need not be asked for again; and the word list."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Cli
from tests.e2e.staging import done

NOW = "2026-11-20T12:00:00Z"


def _message(name: str, text: str, author: str, at: str, **more: Any) -> str:
    return json.dumps(
        {"id": name, "text": text, "created_at": at, "author": {"handle": author, "id": author}, **more}
    )


def _tickets(cli: Cli, *lines: str) -> dict[str, str]:
    """The messages fetched and triaged: text -> ticket."""
    (cli.workspace / "inbox.jsonl").write_text("\n".join(lines) + "\n")
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    return {one["text"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}


def _warned(cli: Cli, ticket: str, text: str) -> list[dict[str, Any]]:
    run = cli("lint", "--ticket", ticket, "--direct", "--text", text, "--json", now=NOW)
    return [one for one in run.record["findings"] if one["rule"] == "repeat/asks-again"]


def test_an_address_from_another_ticket_is_known(cli: Cli) -> None:
    first, second, other = (
        "Write to jo.lind@post.example about NL204",
        "And the wifi was down",
        "No wifi at all",
    )
    tickets = _tickets(
        cli,
        _message("m1", first, "jo_lind", "2026-11-18T10:00:00Z", conversation_id="c1"),
        _message("m2", second, "jo_lind", "2026-11-20T10:00:00Z", conversation_id="c2"),
        _message("m3", other, "kim_w", "2026-11-20T11:00:00Z", conversation_id="c3"),
    )
    asks = "What is your e-mail address? ^SB"
    (finding,) = _warned(cli, tickets[second], asks)
    assert "jo.lind" not in finding["message"]
    assert _warned(cli, tickets[other], asks) == []
    assert _warned(cli, tickets[second], "Which flight was it? ^SB") == []


def test_a_word_list_of_the_workspace_is_read(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[reply]\ndictionary = "words.txt"\n')
    (cli.workspace / "words.txt").write_text("The\ndesk\nopens\nat\nsix\n", encoding="utf-8")
    record = done(cli("lint", "--text", "The dezk opens at six ^SB", "--json")).record
    assert [(one["rule"], one["level"], one["start"], one["end"]) for one in record["findings"]] == [
        ("spelling/slip", "info", 4, 8)
    ]


def test_a_word_list_that_cannot_be_read_is_named(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[reply]\ndictionary = "words.txt"\n')
    missing = cli("lint", "--text", "Hi ^SB", "--json")
    assert (missing.code, missing.error["message"]) == (2, "words.txt: no such word list")
    (cli.workspace / "words.txt").write_bytes(b"caf\xe9\n")
    broken = cli("lint", "--text", "Hi ^SB", "--json")
    assert (broken.code, broken.error["message"]) == (7, "words.txt is not UTF-8 (byte 4)")


def test_a_word_list_lies_in_the_workspace(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[reply]\ndictionary = "/usr/share/dict/words"\n')
    run = cli("lint", "--text", "Hi ^SB", "--json")
    assert run.code == 7
    assert "reply.dictionary" in run.error["message"]
