"""What the linter says besides the check itself: where a finding stands, what was mended, what a rule is for."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from msgspec import Struct

from socialcli.model.check import Check, Finding

Format = Literal["text", "json", "github", "sarif"]


class Place(NamedTuple):
    """Where something stands. ``file`` is None for a text of the command line, "-" for standard input; lines and
    columns count from 1, columns in code points; a ``column`` of 0 is not known.
    """

    file: str | None
    line: int = 1
    column: int = 0
    end_line: int = 0  # 0: not known
    end_column: int = 0  # the one behind the last character
    offset: int | None = None  # code points from the beginning of the file
    length: int = 0


class Placed(NamedTuple):
    """A finding in its file."""

    place: Place
    finding: Finding
    words: str = ""  # what it points at
    about: str = ""  # for whom it holds, where not for all: "account press, agent mo"


class Linted(NamedTuple):
    """One thing that was looked at: its record, None where it has none, and its findings in their files."""

    record: Any
    placed: tuple[Placed, ...]


class TemplateCheck(Struct, frozen=True, tag_field="type", tag="template-check"):
    """The worst that one template comes to for one account and agent."""

    template: str
    account: str
    agent: str
    text: str
    check: Check
    file: str
    line: int  # of the body's first words


class Fixed(Struct, frozen=True, tag_field="type", tag="fixed"):
    """A text after ``lint --fix``. ``mended`` are the rules whose faults were mended; ``check`` is of what is left."""

    file: str | None
    changed: bool
    text: str
    mended: tuple[str, ...]
    check: Check


class RuleRecord(Struct, frozen=True, tag_field="type", tag="rule"):
    """A rule explained. ``level`` is its own, ``in_force`` the one that counts here, ``set_by`` where that comes
    from; ``fix`` says what ``lint --fix`` does about it, "" if nothing; ``may_allow``: ``reply --allow`` lets it pass.
    """

    id: str
    level: str
    why: str
    good: str
    bad: tuple[str, ...]
    in_force: str
    set_by: str
    fix: str
    may_allow: bool
