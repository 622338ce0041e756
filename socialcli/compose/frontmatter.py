"""The head of a template: TOML between two lines of ``+++``.

    +++
    title = "Ask for the booking reference"
    when = "The answer needs something that must not stand in public."
    kinds = ["complaint", "request"]

    [variables.need]
    type = "text"
    description = "what you ask for"
    default = "your booking reference"
    worst = "your order or booking reference"
    +++
    Could you send me {{ need }} by direct message?

Every key may be left out, and so may the head. A list may be written as one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from socialcli.compose.context import HARMFUL, context_fields
from socialcli.model.assessment import Kind, Priority, Register
from socialcli.model.draft import Road

VariableType = Literal["text", "url", "time"]
Need = Literal["incident", "incident-over", "out-of-hours", "settled", "private-message", "email", "phone"]
Mistake = tuple[int, str]  # line in the file, what is wrong

LONGEST_VALUE = 5_000  # characters; the longest direct message has 10,000
_FENCE = "+++"


class Variable(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What is given with ``--set name=value``."""

    name: str
    type: VariableType = "text"
    description: str = ""
    required: bool = False
    default: str = ""  # used when nothing is given
    from_: str = ""  # a part of the context that is used when nothing is given: "brand.livechat"
    worst: str = ""  # the longest that is to be expected, for `lint --templates`


class FrontMatter(Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """When a template applies; an empty tuple means always."""

    title: str = ""
    when: str = ""
    class_: Literal["reply", "statement", "sign-off"] = "reply"
    kinds: tuple[Kind, ...] = ()
    topics: tuple[str, ...] = ()
    register: tuple[Register, ...] = ()
    languages: tuple[str, ...] = ()  # ISO 639-1
    networks: tuple[str, ...] = ()
    road: tuple[Road, ...] = ()
    priorities: tuple[Priority, ...] = ()  # it is the better choice for these; others may have it too
    needs: tuple[Need, ...] = ()  # what must be the case before it says something true
    join: Literal["space", "newline"] = "space"  # what stands between this block and the one before it
    sign_off: bool | None = None  # None: replies carry one, statements do not
    allow: dict[str, str] = {}  # rule -> why `lint --templates` lets its finding pass
    variables: tuple[Variable, ...] = ()


def split_head(text: str) -> tuple[str, str, int, list[Mistake]]:
    """Head, body, the line of the file on which the body begins, mistakes."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        return "", "\n".join(lines), 1, []
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2, []
    return "", "", 1, [(1, f"the head that begins with {_FENCE} has no {_FENCE} at its end")]


def parse_head(head: str) -> tuple[FrontMatter, list[Mistake]]:
    """The front matter, as far as it is right, and its mistakes. Lines count from the opening fence as 1."""
    import tomli

    try:
        tables = tomli.loads(head)
    except tomli.TOMLDecodeError as error:
        return FrontMatter(), [(error.lineno + 1, f"{error.msg} (column {error.colno})")]
    except RecursionError:
        return FrontMatter(), [(1, "the head is nested too deeply")]
    where = _Lines(head)
    variables, mistakes = _variables(tables.pop("variables", {}), where)
    values, wrong = _fields(FrontMatter, tables, where, "")
    return FrontMatter(**values, variables=variables), mistakes + wrong


def value_mistake(kind: VariableType, value: str) -> str:
    """What is wrong with a variable's value, or ""."""
    harmful = re.search(HARMFUL, value)
    if harmful:
        return f"holds the control character U+{ord(harmful[0]):04X}"
    if len(value) > LONGEST_VALUE:
        return f"has {len(value):,} characters, more than {LONGEST_VALUE:,}"
    if kind == "url" and not re.fullmatch(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", value.strip(), re.IGNORECASE):
        return f'"{value[:80]}" is not a web address (http:// or https://)'
    return ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, tuple(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _variables(tables: Any, where: _Lines) -> tuple[tuple[Variable, ...], list[Mistake]]:
    if not isinstance(tables, dict):
        return (), [(where.of("", "variables"), "variables: write a table [variables.NAME] for each")]
    variables: list[Variable] = []
    mistakes: list[Mistake] = []
    for name, table in tables.items():
        heading = f"variables.{name}"
        line = where.of(heading)
        if not isinstance(table, dict):
            mistakes.append((where.of("variables", name), f"{heading}: write a table [{heading}]"))
            continue
        values, wrong = _fields(Variable, table, where, heading)
        variable = Variable(**{**values, "name": name})
        mistakes += wrong
        mistakes += ((line, f"{heading}: {fault}") for fault in _faults(variable))
        variables.append(variable)
    return tuple(variables), mistakes


def _faults(variable: Variable) -> Iterator[str]:
    reserved = context_fields()
    if not variable.name.isidentifier():
        yield "a name has letters, digits and _ only"
    if variable.name in {*reserved, "first", "last", "pick", "greet"}:
        yield "this name is taken by the context"
    for key in ("default", "worst"):
        value = getattr(variable, key)
        fault = value_mistake(variable.type, value) if value else ""
        if fault:
            yield f"{key} {fault}"
    if variable.from_:
        paths = [f"{root}.{part}" for root, parts in reserved.items() for part in parts]
        if variable.from_ not in paths:
            yield f'from: the context has no "{variable.from_}"{did_you_mean(variable.from_, paths)}'


def _fields(
    record: type[Struct], table: dict[str, Any], where: _Lines, heading: str
) -> tuple[dict[str, Any], list[Mistake]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(record)}
    derived = {"name", "variables"}  # come from the headings of tables, not from keys
    prefix = f"{heading}." if heading else ""
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for key, value in table.items():
        line = where.of(heading, key)
        field = fields.get(key)
        if field is None or key in derived:
            known = fields.keys() - derived
            mistakes.append((line, f"{prefix}{key}: no such key{did_you_mean(key, known)}"))
            continue
        listed = get_origin(field.type) is tuple
        fair = [value] if listed and isinstance(value, str) else value
        fault = _wrong_word(field.type, fair)
        try:
            converted = NODEFAULT if fault else msgspec.convert(fair, field.type)
        except msgspec.ValidationError as error:
            fault, converted = str(error).replace("`", ""), NODEFAULT
        if fault:
            mistakes.append((line, f"{prefix}{key}: {fault}"))
        else:
            values[field.name] = converted
    return values, mistakes


def _wrong_word(kind: Any, value: Any) -> str:
    """Names the word that is none of those allowed; "" where the type allows any, or the value is no word."""
    listed = get_origin(kind) is tuple
    choices = get_args(get_args(kind)[0] if listed else kind)
    if get_origin(get_args(kind)[0] if listed else kind) is not Literal:
        return ""
    for word in value if isinstance(value, list) else [value]:
        if isinstance(word, str) and word not in choices:
            return f'"{word}" is none of {", ".join(choices)}{did_you_mean(word, choices)}'
    return ""


class _Lines:
    """Where a key stands in the file. TOML parsers do not say; a key is looked for below its heading."""

    def __init__(self, head: str) -> None:
        self._at: dict[tuple[str, str], int] = {}
        heading = ""
        for number, line in enumerate(head.split("\n"), start=2):
            table = re.match(r"\s*\[([^\]]+)\]", line)
            key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
            if table:
                heading = table[1].replace('"', "").replace(" ", "")
                self._at.setdefault((heading, ""), number)
            elif key:
                self._at.setdefault((heading, key[1]), number)

    def of(self, heading: str, key: str = "") -> int:
        """The line, else that of the heading, else the first of the head."""
        return self._at.get((heading, key)) or self._at.get((heading, "")) or 2
