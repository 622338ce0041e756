"""check: what the linter says about a draft."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from socialcli.model.message import Visibility

Level = Literal["error", "warning", "info"]


class Length(Struct, frozen=True):
    count: int  # the larger where two counts are in use
    limit: int
    unit: str


class Finding(Struct, frozen=True):
    rule: str
    level: Level
    start: int  # code points of the text as given
    end: int
    message: str
    suggestion: str | None = None


class Check(Struct, frozen=True, tag_field="type", tag="check"):
    ok: bool  # no finding is an error
    network: str
    visibility: Visibility
    length: Length
    findings: tuple[Finding, ...]
