"""``lint --records``: one check for each line of JSON, in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from socialcli.app import App
from socialcli.compose.linter import CheckRequest, check
from socialcli.errors import InvalidError, SocialError
from socialcli.model.answers import ErrorRecord
from socialcli.model.check import Finding
from socialcli.model.linted import Linted, Place, Placed
from socialcli.model.message import Message, Visibility
from socialcli.policy.schema import Policy
from socialcli.text.length import measure
from socialcli.workspace import unreadable

INVALID = "record/invalid"  # no rule: the line is no record


class _Record(Struct):
    text: str
    network: str | None = None
    visibility: Visibility | None = None
    account: str | None = None
    agent: str | None = None
    customer: str | None = None
    card: dict[str, Any] | None = None
    recent: tuple[str, ...] | None = None
    thread: tuple[dict[str, Any], ...] | None = None


@dataclass
class RecordRun:
    """A run over all lines. ``looked`` is read once; then ``bad`` and ``refused`` are complete."""

    app: App
    policy: Policy  # the one in force, with the rules that were chosen
    files: tuple[str, ...]
    bad: list[str] = field(default_factory=list)  # "line 3: what is wrong", up to the most that are told
    broken: int = 0
    refused: int = 0

    def looked(self) -> Iterator[Linted]:
        for file, number, line in _lines(self.files):
            try:
                request = self._request(line)
            except SocialError as error:
                yield self._invalid(file, number, error.message, error.hint)
            except (ValueError, msgspec.MsgspecError) as error:
                yield self._invalid(file, number, str(error), "")
            else:
                found = check(request, self.policy)
                self.refused += not found.ok
                yield Linted(found, tuple(_placed(file, number, request.text, one) for one in found.findings))

    def error(self) -> InvalidError | None:
        if not self.broken:
            return None
        what = "1 line is no record" if self.broken == 1 else f"{self.broken:,} lines are no records"
        return InvalidError(what, tuple(self.bad))

    def _invalid(self, file: str, number: int, what: str, hint: str) -> Linted:
        message = f"line {number}: {what}"
        self.broken += 1
        self.bad += [message] if len(self.bad) < _TOLD else []
        finding = Finding(INVALID, "error", 0, 0, what, hint or None)
        return Linted(ErrorRecord(7, message, hint or None), (Placed(Place(file, number), finding),))

    def _request(self, line: bytes) -> CheckRequest:
        """One line as a request. Raises ValueError, MsgspecError, or our own for unknown names."""
        row = _record(line)
        if row.agent is not None:
            self.app.agent_named(row.agent)
        thread = self._thread(row)
        network = counts_as(self.app, row.network, row.account)
        measure("", network, row.visibility or "public")  # an unknown one is a bad line like any other
        return CheckRequest(
            text=row.text,
            network=network,
            label=row.network or (self.app.account(row.account).network if row.account else None),
            visibility=row.visibility or "public",
            account=row.account,
            agent=row.agent,
            customer=row.customer.removeprefix("@") if row.customer else None,
            card=_card(row.card or {}),
            recent=row.recent or (),
            thread=thread,
            assessment=self._assess(thread),
        )

    def _thread(self, row: _Record) -> tuple[Message, ...]:
        if not row.thread and row.account is None:
            return ()
        from socialcli.channels.records import RecordReader

        account = self.app.account(row.account)
        reader = RecordReader(account, self.policy.our_handles, source="mention")
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

    def _assess(self, thread: tuple[Message, ...]) -> Any:
        inbound = [place for place, message in enumerate(thread) if message.direction == "inbound"]
        if not inbound:
            return None
        return self.app.assessor.assess(thread[inbound[-1]], thread[: inbound[-1]])


_TOLD = 20  # lines that are no records, of which the error at the end tells


def counts_as(app: App, network: str | None, account: str | None) -> str:
    """The network whose limits hold: the file network keeps those that its account names."""
    if account is not None:
        named = app.account(account)
        return named.limits if (network or named.network) == "file" else network or named.network
    if network == "file":
        return next((one.limits for one in app.policy.accounts if one.network == "file"), "x")
    return network or "x"


def _placed(file: str, number: int, text: str, finding: Finding) -> Placed:
    return Placed(Place(file, number), finding, text[finding.start : finding.end])


def _lines(files: tuple[str, ...]) -> Iterator[tuple[str, int, bytes]]:
    for name in files or ("-",):
        try:
            stream = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115 - a stream of lines
        except OSError as error:
            raise unreadable(name, error) from error
        with stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield name, number, line


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
