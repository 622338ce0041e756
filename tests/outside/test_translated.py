"""``show --translate`` and ``reply --translate``: the other language, marked as a machine's."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli
from tests.e2e.staging import LATER, done, journal, message, queued
from tests.outside.desk import TRANSLATOR, desk

BAG = "@NorthlineAir mi maleta no ha llegado y nadie me dice nada. ¿Dónde está?"
OURS = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it. ^SB"
THEIRS = (
    "@cust1 Sentimos mucho lo de tu maleta. Envíanos la referencia por mensaje directo y la buscamos. ^SB"
)


def spanish(cli: Cli, **more: Any) -> str:
    desk(cli, translate=TRANSLATOR)
    return queued(cli, message(text=BAG, **more))


def asked(cli: Cli) -> list[Any]:
    return cli.lines("asked.jsonl")


def test_the_customers_words_in_ours(cli: Cli) -> None:
    ticket = spanish(cli)
    before = journal(cli)
    records = done(cli("show", ticket, "--translate", "--json", now=LATER)).records
    place = next(number for number, one in enumerate(records) if one["type"] == "message")
    assert records[place + 1] == {
        "type": "translation", "message_id": "m1", "to": "en", "text": f"[es] {BAG}", "by_program": True,
    }  # fmt: skip
    assert asked(cli) == [{"type": "translate-request", "v": 1, "text": BAG, "from": "es", "to": "en"}]
    shown = done(cli("show", ticket, "--translate", now=LATER)).out
    assert "put into en by a program:" in shown
    assert journal(cli) == before


def test_nobody_translates_what_is_ours_already(cli: Cli) -> None:
    desk(cli, translate=TRANSLATOR)
    ticket = queued(cli)
    records = done(cli("show", ticket, "--translate", "--json", now=LATER)).records
    assert "translation" not in {one["type"] for one in records}
    done(cli("reply", ticket, "--text", OURS, "--translate", "--as", "sb", "--yes", now=LATER))
    assert (asked(cli), cli.lines("outbox.jsonl")[0]["text"]) == ([], OURS)


def test_our_words_in_theirs(cli: Cli) -> None:
    ticket = spanish(cli)
    args = ("reply", ticket, "--text", OURS, "--translate", "--as", "sb", "--yes", "--json")
    record = done(cli(*args, now=LATER)).record
    assert (record["text"], record["state"], record["translated"], record["by_program"]) == (
        THEIRS, "sent", "es", False,
    )  # fmt: skip
    assert asked(cli) == [{"type": "translate-request", "v": 1, "text": OURS, "from": "en", "to": "es"}]
    assert done(cli(*args, now=LATER)).record == record
    assert len(asked(cli)) == 1
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [THEIRS]
    text = done(cli(*args[:-1], now=LATER)).out
    assert "put into es by a program" in text


def test_what_came_out_is_checked_again(cli: Cli) -> None:
    desk(cli, translate="print('Lo sentimos mucho.')")
    ticket = queued(cli, message(text=BAG))
    run = cli("reply", ticket, "--text", OURS, "--translate", "--as", "sb", "--yes", "--json", now=LATER)
    assert (run.code, run.record["state"]) == (3, "refused")
    assert "signoff/missing" in run.error["message"]


def test_templates_are_translated_from_our_own_language(cli: Cli) -> None:
    ticket = spanish(cli)
    run = cli("reply", ticket, "-t", "apology", "--translate", "--as", "sb", "--dry-run", "--json", now=LATER)
    assert run.record["translated"] == "es"
    (record,) = asked(cli)
    assert (record["from"], record["to"]) == ("en", "es")
    assert "orry" in record["text"] or "apolog" in record["text"]


def test_a_translator_that_fails_hides_nothing(cli: Cli) -> None:
    desk(cli, translate="import sys; sys.exit(1)")
    ticket = queued(cli, message(text=BAG))
    run = cli("show", ticket, "--translate", "--json", now=LATER)
    assert run.code == 1
    assert BAG in [one.get("text") for one in run.records]
    assert "exit code 1" in run.error["message"]
    before = journal(cli)
    assert cli("reply", ticket, "--text", OURS, "--translate", "--as", "sb", "--yes", now=LATER).code == 1
    assert journal(cli) == before


def test_what_it_says_moves_no_terminal(cli: Cli) -> None:
    desk(cli, translate="print('\\u202eevil')")
    ticket = queued(cli, message(text=BAG))
    shown = done(cli("show", ticket, "--translate", now=LATER)).out
    assert "\u202e" not in shown
    assert "\\u202eevil" in shown
