"""``lint``: the check alone, for texts, files, records and templates."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from socialcli import render
from socialcli.app import App
from socialcli.compose.linter import CheckRequest, check, explain
from socialcli.console import Answer, Screen
from socialcli.drafting import check_text, situation
from socialcli.errors import InvalidError, RefusedError, SocialError, UsageError
from socialcli.model.answers import ErrorRecord, RuleRecord
from socialcli.model.check import Check
from socialcli.model.message import Message, Visibility
from socialcli.options import verb
from socialcli.text.clean import clean, harmless
from socialcli.workspace import unreadable


@verb("Check texts and templates before they are posted.")
@click.argument("files", metavar="[FILE...|-]", nargs=-1)
@click.option("--text", metavar="T", help="Check this text instead of a file.")
@click.option("--network", metavar="N", help="Whose limits count [default: x].")
@click.option("--ticket", metavar="T", help="Check it as the answer to this ticket.")
@click.option(
    "--public/--direct", "public", default=None, help="Seen by everybody, or by the customer alone."
)
@click.option("--agent", metavar="A", help="Whose sign-off it must bear.")
@click.option("--templates", is_flag=True, help="Check the reply templates with worst-case values.")
@click.option("--records", is_flag=True, help="The input is JSON Lines; one check for each line, in order.")
@click.option("--explain", "rule", metavar="RULE", help="What a rule is for, with examples.")
def command(
    app: App,
    files: tuple[str, ...],
    text: str | None,
    network: str | None,
    ticket: str | None,
    public: bool | None,
    agent: str | None,
    templates: bool,
    records: bool,
    rule: str | None,
) -> Answer:
    """Check drafts for length, tone, sign-off, links, mentions and private data. Nothing is posted or kept.

    Exit code 3: a check found an error. 7: an input record or a template is invalid.
    """
    if rule is not None:
        return _explain(rule)
    if templates:
        from socialcli import worstcase

        return worstcase.lint_templates(app, network)
    if agent is not None:
        app.agent(agent)
    if records:
        return _records(app, files)
    texts = _texts(files, text)
    visibility: Visibility = "direct" if public is False else "public"
    if ticket is not None:
        return _for_ticket(app, texts, ticket, agent)
    counted = _counts_as(app, network or "x", None)
    requests = [
        CheckRequest(text=one, network=counted, label=network, visibility=visibility, agent=agent)
        for one in texts
    ]
    return _checks([(check(request, app.policy), request.text) for request in requests])


def _explain(rule: str) -> Answer:
    found = explain(rule)
    bad = tuple(request.text for request in found.bad)
    return Answer([RuleRecord(found.id, found.level, found.why, found.good.text, bad)], render.rules)


def _texts(files: tuple[str, ...], text: str | None) -> list[str]:
    if text is not None:
        return [clean(text)]
    if not files:
        raise UsageError("nothing to check", hint='name a file, "-" for standard input, or give --text')
    return [_read(name) for name in files]


def _read(name: str) -> str:
    """The text of a file; the line feed that ends it is not part of the text."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return clean(content.decode("utf-8-sig").removesuffix("\n"))
    except OSError as error:
        raise unreadable(name, error) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 (byte {error.start + 1})") from error


def _for_ticket(app: App, texts: list[str], ticket: str, agent: str | None) -> Answer:
    row = app.queue.ticket(ticket)
    account = app.account(row.account)
    place = situation(app.queue, app.policy, app.assessor, row, account, app.channel(row.account))
    who = app.agent(agent)
    return _checks([(check_text(text, place, who, app.policy), text) for text in texts])


def _checks(found: list[tuple[Check, str]]) -> Answer:
    def view(_records: Iterable[Any], screen: Screen) -> Iterator[str]:
        for one, text in found:
            yield from render.check_lines(one, text, screen)

    bad = sum(not one.ok for one, _ in found)
    return Answer([one for one, _ in found], view, lambda: _refused(bad))


def _refused(bad: int) -> SocialError | None:
    if not bad:
        return None
    return RefusedError(f"{bad} text(s) may not go out like this", hint="socialcli lint --explain RULE")


# records


class _Record(msgspec.Struct):
    text: str
    network: str | None = None
    visibility: Visibility | None = None
    account: str | None = None
    agent: str | None = None
    customer: str | None = None
    card: dict[str, Any] | None = None
    recent: tuple[str, ...] | None = None
    thread: tuple[dict[str, Any], ...] | None = None


def _records(app: App, files: tuple[str, ...]) -> Answer:
    bad: list[str] = []
    refused: list[int] = []

    def results() -> Iterator[Check | ErrorRecord]:
        for number, line in _lines(files):
            try:
                found = check(_request(app, line), app.policy)
            except SocialError as error:
                bad.append(f"line {number}: {error.message}")
                yield ErrorRecord(7, f"line {number}: {error.message}", error.hint or None)
                continue
            except (ValueError, msgspec.MsgspecError) as error:
                bad.append(f"line {number}: {error}")
                yield ErrorRecord(7, f"line {number}: {error}")
                continue
            refused.extend([] if found.ok else [number])
            yield found

    def view(records: Iterable[Check | ErrorRecord], screen: Screen) -> Iterator[str]:
        for one in records:
            if isinstance(one, ErrorRecord):
                yield render.paint(harmless(one.message), "error", screen)
            else:
                yield from render.check_lines(one, "", screen)

    def against() -> SocialError | None:
        if bad:
            return InvalidError(f"{len(bad)} line(s) are no records", tuple(bad[:20]))
        return _refused(len(refused))

    return Answer(results(), view, against)


def _lines(files: tuple[str, ...]) -> Iterator[tuple[int, bytes]]:
    for name in files or ("-",):
        try:
            stream = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115 - a stream of lines
        except OSError as error:
            raise unreadable(name, error) from error
        with stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, line


def _request(app: App, line: bytes) -> CheckRequest:
    """One line as a request. Raises ValueError, MsgspecError, or our own for unknown names."""
    row = _record(line)
    if row.agent is not None:
        app.agent(row.agent)
    thread = _thread(app, row)
    return CheckRequest(
        text=row.text,
        network=_counts_as(app, row.network, row.account),
        label=row.network or (app.account(row.account).network if row.account else None),
        visibility=row.visibility or "public",
        account=row.account,
        agent=row.agent,
        customer=row.customer.removeprefix("@") if row.customer else None,
        card=_card(row.card or {}),
        recent=row.recent or (),
        thread=thread,
        assessment=_assess(app, thread),
    )


def _card(values: dict[str, Any]) -> dict[str, str]:
    """Raises ValueError for a value that is nested too deeply to be told."""
    try:
        return {key: str(value) for key, value in values.items() if value is not None}
    except RecursionError as error:
        raise ValueError("card: nested too deeply") from error


def _record(line: bytes) -> _Record:
    try:
        return msgspec.json.decode(line, type=_Record)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        from socialcli.channels.records import from_broken_json

        return from_broken_json(line, error, _Record)


def _counts_as(app: App, network: str | None, account: str | None) -> str:
    """The network whose limits hold: the file network keeps those that its account names."""
    if account is not None:
        named = app.account(account)
        return named.limits if (network or named.network) == "file" else network or named.network
    if network == "file":
        return next((one.limits for one in app.policy.accounts if one.network == "file"), "x")
    return network or "x"


def _thread(app: App, row: _Record) -> tuple[Message, ...]:
    from socialcli.channels.records import RecordReader

    account = app.account(row.account)
    reader = RecordReader(account, app.policy.our_handles, source="mention")
    customer = row.customer or "customer"
    messages = []
    for number, given in enumerate(row.thread or ()):
        # What a check does not read may be left out of a thread.
        ours = given.get("direction") == "outbound"
        whole = {
            "id": f"thread-{number}",
            "created_at": number,
            "author": {"handle": account.handle if ours else customer},
        }
        messages.append(reader.from_fields(whole | given))
    return tuple(messages)


def _assess(app: App, thread: tuple[Message, ...]) -> Any:
    inbound = [place for place, message in enumerate(thread) if message.direction == "inbound"]
    return app.assessor.assess(thread[inbound[-1]], thread[: inbound[-1]]) if inbound else None
