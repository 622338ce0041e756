"""Incidents to practise on: one TOML file each; what customers write and when, and a road through it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from socialcli.errors import InvalidError, NotFoundError
from socialcli.model.times import format_time, parse_duration, parse_time

SHIPPED = Path(__file__).parent.parent / "data" / "drills" / "incidents"
_SHIFTS = 12  # beginnings that a seed chooses from
_STEP = timedelta(minutes=35)  # between two of them


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer writes. ``part``: it belongs to the incident; ``harm``: it cannot wait for a statement."""

    at: str  # so long after the start
    handle: str
    text: str
    part: bool = True
    harm: bool = False


class Move(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a good road."""

    at: str
    say: str
    run: str
    lines: int = 0
    exit: int = 0


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    about: str
    start: str
    policy: str
    messages: tuple[Report, ...]
    steps: tuple[Move, ...]


class Staged(Struct, frozen=True):
    """A case as it is played: the seed moves its beginning, and gives the customers other names."""

    name: str
    seed: int
    case: Case

    @property
    def start(self) -> datetime:
        return parse_time(self.case.start) + _STEP * (_number(self) % _SHIFTS)

    def moment(self, after: str) -> datetime:
        return self.start + timedelta(seconds=parse_duration(after))

    def handle(self, handle: str) -> str:
        """What a customer is called in this play."""
        return f"{handle}{_number(self) % 90 + 10}" if self.seed else handle

    def told(self, text: str) -> str:
        """The text of a step with the names of this play."""
        for one in self.case.messages:
            text = text.replace(one.handle, self.handle(one.handle))
        return text

    def files(self) -> dict[str, bytes]:
        """What stands in the workspace at the beginning."""
        rows = (
            {
                "id": f"drill-{number}",
                "text": self.told(one.text),
                "created_at": format_time(self.moment(one.at)),
                "author": {"handle": self.handle(one.handle)},
            }
            for number, one in enumerate(self.case.messages, 1)
        )
        inbox = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        return {"policies.toml": self.case.policy.encode(), "inbox.jsonl": inbox}


def _number(staged: Staged) -> int:
    """A number that follows from name and seed; 0 for the seed 0, the case as it is written."""
    if not staged.seed:
        return 0
    return int.from_bytes(blake2b(f"{staged.name} {staged.seed}".encode(), digest_size=4).digest())


def names() -> list[str]:
    return sorted(path.stem for path in SHIPPED.iterdir() if path.suffix == ".toml")


def staged(name: str | None, seed: int) -> Staged:
    """The case of this name; without one the seed picks it. Raises NotFoundError, InvalidError."""
    known = names()
    chosen = known[seed % len(known)] if name is None else name
    if chosen not in known:
        raise NotFoundError("incident to practise on", chosen, known=tuple(known))
    import tomli

    path = SHIPPED / f"{chosen}.toml"
    try:
        return Staged(chosen, seed, msgspec.convert(tomli.loads(path.read_text("utf-8")), Case))
    except (ValueError, msgspec.ValidationError) as error:
        raise InvalidError(f"{path}: {error}") from error
