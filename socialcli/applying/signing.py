"""Signing: somebody reads lines of a plan and puts a name under them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from socialcli import durable
from socialcli.app import App
from socialcli.applying import lines
from socialcli.applying.lines import PlanFile
from socialcli.applying.signatures import require_may_sign
from socialcli.console import json_line
from socialcli.drafting import fingerprint
from socialcli.errors import NotFoundError, PartlyError, RefusedError, SocialError, UsageError
from socialcli.model.plan import Plan, Signature, Signed, is_whole
from socialcli.policy.schema import Agent


class Signing:
    """Signs lines as they pass. ``names``: beginnings of ids; empty means all lines."""

    def __init__(self, app: App, who: Agent, names: Sequence[str]) -> None:
        self._app = app
        self._who = who
        self._names = names
        self._at = app.now().replace(microsecond=0)
        self.signed: list[Signed] = []

    def pass_through(self, plan: PlanFile) -> Iterator[bytes]:
        """Every line of the plan, those that are meant with the signature."""
        for number, raw in plan.raw():
            line = lines.read(raw)
            meant = not self._names or any(line.id.startswith(name) for name in self._names)
            yield (self._under(number, line) or raw) + b"\n" if meant else raw + b"\n"

    def _under(self, number: int, line: Plan) -> bytes | None:
        """The line with the signature; None where it stays as it is."""
        reason = self._against(line)
        known = reason is None and any(
            one.by == self._who.id and one.hash == line.hash for one in line.signed
        )
        state = "refused" if reason is not None else "known" if known else "signed"
        self.signed.append(
            Signed(line.id, number, line.verb, line.ticket, state, reason, self._who.id, line.hash)  # type: ignore[arg-type]
        )
        if state != "signed":
            return None
        mine = Signature(self._who.id, self._at, line.hash)
        return json_line(msgspec.structs.replace(line, signed=(*line.signed, mine)))

    def _against(self, line: Plan) -> str | None:
        if not is_whole(line):
            return "it was changed after it was made: its hash does not fit"
        try:
            require_may_sign(self._app, line, self._who)
        except RefusedError as error:
            return error.message
        return None

    def error(self) -> SocialError | None:
        """What stands against it all having been signed."""
        refused = [one for one in self.signed if one.state == "refused"]
        if not refused:
            return None
        if len(refused) == len(self.signed):
            return RefusedError(
                f"nothing was signed: {refused[0].reason}", hint="socialcli apply PLAN --dry-run"
            )
        return PartlyError(
            f"{len(refused):,} of {len(self.signed):,} lines were not signed", hint="each says why"
        )


def require_lines(plan: PlanFile, names: Sequence[str]) -> None:
    """Each name is the beginning of one id. Raises NotFoundError, UsageError."""
    if not all(names):
        raise UsageError("--line names no line", hint="type the beginning of its id, or --all")
    found: dict[str, set[str]] = {name: set() for name in names}
    for _, line in plan.lines() if names else ():
        for name, ids in found.items():
            if line.id.startswith(name):
                ids.add(line.id)
    for name, ids in found.items():
        if not ids:
            raise NotFoundError("line", name, hint=f"{plan.name} has no such line")
        if len(ids) > 1:
            raise UsageError(f'more than one line begins with "{name}"', hint="type more of it")


def in_place(app: App, name: str, who: Agent, names: Sequence[str], output: str | None) -> Signing:
    """Sign lines of a file: in the file itself, or as another file. Whoever reads it sees the old one or the new one.

    Raises UsageError, NotFoundError, InvalidError with all broken lines, StorageError.
    """
    source = Path(name).resolve()
    target = source if output is None else Path(output).resolve()
    if output is None and source.exists() and not source.is_file():
        raise UsageError(f"{name}: is no plain file", hint="--output FILE says where the signed plan goes")
    lock = app.momentary / "plans" / f"{fingerprint(os.fspath(target))}.lock"
    with durable.lock(lock, f"plan {target.name}"), lines.opened(name) as plan:
        signing = prepared(app, plan, who, names)
        mode = stat.S_IMODE(source.stat().st_mode) if source.is_file() else 0o600
        durable.replace(target, signing.pass_through(plan), mode=mode, point="plan")
    return signing


def prepared(app: App, plan: PlanFile, who: Agent, names: Sequence[str]) -> Signing:
    """Ready to sign, all lines whole and all names known. Raises as ``in_place``."""
    plan.require_whole()
    require_lines(plan, names)
    return Signing(app, who, names)
