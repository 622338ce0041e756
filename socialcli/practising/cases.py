"""Cases: one TOML file each, shipped or of the team's own; docs/how-to/practise.md shows one key by key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from socialcli.errors import InvalidError, NotFoundError
from socialcli.model.message import Visibility
from socialcli.model.times import parse_duration, parse_time
from socialcli.workspace import unreadable

Kind = Literal["answer", "offline", "hand-on", "pass"]
Wanted = Literal["answer", "offline", "hand-on", "pass", "any"]
KINDS: tuple[Kind, ...] = ("answer", "offline", "hand-on", "pass")

SHIPPED = Path(__file__).parent.parent / "data" / "drills" / "practice"
MOST = 1_000_000  # bytes of a case


class Coming(Struct, frozen=True, forbid_unknown_fields=True):
    """A message of the customer's, and when it comes."""

    text: str
    at: str | None = None
    after: str | None = None
    silence: str | None = None
    asked: tuple[str, ...] = ()  # with ``after``: only if our answer asks, and for one of these
    visibility: Visibility = "public"
    act: Wanted = "answer"


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """Words of which at least one has to stand in an answer, or none may; in any case of letters."""

    any: tuple[str, ...]
    why: str


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner does. ``at``: a time, or so long after what was said last ("12m")."""

    at: str
    act: Kind = "answer"
    text: str = ""


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    about: str
    messages: tuple[Coming, ...]
    good: tuple[Given, ...]
    handle: str = "customer"
    name: str | None = None  # as the customer shows it
    know: tuple[str, ...] = ()
    patience: str = "15m"
    policy: str | None = None
    agent: str | None = None  # who answers; without it the first of the policy
    facts: tuple[Said, ...] = ()
    forbidden: tuple[Said, ...] = ()
    poor: tuple[Given, ...] = ()


class Listed(Struct, frozen=True, tag_field="type", tag="case"):
    """A case as ``drill --list`` prints it."""

    name: str
    title: str
    about: str
    messages: int


def names(folder: Path) -> list[str]:
    """Raises UsageError for a folder that cannot be read."""
    try:
        return sorted(path.stem for path in folder.iterdir() if path.suffix == ".toml" and path.is_file())
    except OSError as error:
        raise unreadable(str(folder), error) from error


def listed(folder: Path) -> list[Listed]:
    """All cases of a folder. Raises InvalidError with the mistakes of all of them together."""
    found: list[Listed] = []
    mistakes: list[str] = []
    for name in names(folder):
        try:
            case = read(folder, name)
            found.append(Listed(name, case.title, case.about, len(case.messages)))
        except InvalidError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InvalidError("cases with mistakes:", tuple(mistakes))
    return found


def read(folder: Path, name: str) -> Case:
    """Raises NotFoundError, InvalidError with all that is wrong with it."""
    path = folder / f"{name}.toml"
    if name not in (known := names(folder)):
        raise NotFoundError("case", name, known=tuple(known))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(str(path), error) from error
    case = _parsed(content, path.name)
    if mistakes := tuple(f"{path.name}: {one}" for one in _mistakes(case)):
        raise InvalidError(f'case "{name}" is not right', mistakes)
    return case


def _parsed(content: bytes, name: str) -> Case:
    import tomli

    if len(content) > MOST:
        raise InvalidError("a case is not right", (f"{name}: a case has at most {MOST:,} bytes",))
    try:
        return msgspec.convert(tomli.loads(content.decode()), Case)
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or no case
        raise InvalidError("a case is not right", (f"{name}: {error}",)) from error


def _mistakes(case: Case) -> list[str]:
    found = [] if case.messages else ["messages: a case has at least one"]
    for number, coming in enumerate(case.messages, 1):
        found += [f"messages {number}: {what}" for what in _wrong_moment(coming, first=number == 1)]
    for which, answers in (("good", case.good), ("poor", case.poor)):
        for number, one in enumerate(answers, 1):
            found += [f"{which} {number}: {what}" for what in wrong_given(one)]
    return found + _wrong_duration("patience", case.patience)


def _wrong_moment(coming: Coming, *, first: bool) -> list[str]:
    given = [name for name in ("at", "after", "silence") if getattr(coming, name) is not None]
    if len(given) != 1:
        return ["one of at, after, silence says when it comes"]
    if first and given != ["at"]:
        return ["the first message comes at a time"]
    if coming.asked and given != ["after"]:
        return ["asked belongs to after"]
    if given == ["at"]:
        return _wrong_time(str(coming.at))
    return _wrong_duration(given[0], str(getattr(coming, given[0])))


def wrong_given(one: Given) -> list[str]:
    """What is wrong with something that the learner does."""
    if one.act == "answer" and not one.text.strip():
        return ["an answer has a text"]
    try:
        moment(one.at, datetime(1970, 1, 1, tzinfo=UTC))
    except ValueError as error:
        return [f"at: {error}"]
    return []


def moment(written: str, since: datetime) -> datetime:
    """A time, or so long after ``since``. Raises ValueError, OverflowError."""
    from datetime import timedelta

    if is_duration(written):
        return since + timedelta(seconds=parse_duration(written))
    try:
        return parse_time(written)
    except ValueError as error:
        raise ValueError(f'{error}, or how long after what was said last: "12m"') from error


def is_duration(written: str) -> bool:
    """Whether it says how long after, and not when."""
    return not _wrong_duration("", written)


def _wrong_duration(key: str, written: str) -> list[str]:
    try:
        parse_duration(written)
    except ValueError as error:
        return [f"{key}: {error}"]
    return []


def _wrong_time(written: str) -> list[str]:
    try:
        parse_time(written)
    except ValueError as error:
        return [f"at: {error}"]
    return []
