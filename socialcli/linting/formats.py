"""Findings as GitHub annotations and as SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from socialcli import __version__
from socialcli.compose.fixing import FIXES
from socialcli.compose.linter import RULES
from socialcli.linting.allowing import IDS
from socialcli.model.check import Level
from socialcli.model.linted import Linted, Place, Placed
from socialcli.render.linting import message_of
from socialcli.text.clean import harmless

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "notice"}
_LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def github(looked: Iterable[Linted]) -> Iterator[str]:
    """One workflow command a line: ``::error file=a.txt,line=1,col=5,title=tone/blame::message``."""
    for one in looked:
        yield from map(_annotation, one.placed)


def _annotation(placed: Placed) -> str:
    place = placed.place
    properties: dict[str, str | int] = {}
    if place.file not in (None, "-"):
        properties["file"] = place.file or ""
    if place.file is not None:
        properties["line"] = place.line
        if place.column:
            properties["col"] = place.column
        if place.end_line == place.line and place.end_column > place.column:
            properties["endColumn"] = place.end_column
    properties["title"] = placed.finding.rule
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[placed.finding.level]} {written}::{_data(_told(placed))}"


def _data(text: str) -> str:
    return harmless(text, lines=True).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _told(placed: Placed) -> str:
    suggestion = placed.finding.suggestion
    return f"{message_of(placed)}: {suggestion}" if suggestion else message_of(placed)


def sarif(looked: Iterable[Linted]) -> Iterator[str]:
    """One document. Columns count code points; files below the current folder are named from there."""
    placed = [finding for one in looked for finding in one.placed]
    rules = list(dict.fromkeys((*RULES, *(one.finding.rule for one in placed))))
    run = {
        "tool": {
            "driver": {
                "name": "socialcli",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules.index(one.finding.rule)) for one in placed],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from json.dumps(document, indent=2).split("\n")


def _rule(name: str) -> dict[str, Any]:
    rule = RULES.get(name)
    why = rule.why if rule else IDS.get(name, "The file cannot be read as what it should be.")
    described = {"id": name, "shortDescription": {"text": why}}
    if rule is None:
        return described
    bad = "\n".join(f"- {request.text}" for request in rule.bad)
    fixed = f"\n\nlint --fix {FIXES[name]}." if name in FIXES else ""
    text = f"{why}\n\nBetter: {rule.good.text}\n\nHit:\n{bad}{fixed}"
    return {**described, "help": {"text": text}, "defaultConfiguration": {"level": _LEVELS[rule.level]}}


def _result(placed: Placed, index: int) -> dict[str, Any]:
    place = placed.place
    located = [] if place.file is None else [{"physicalLocation": _physical(place)}]
    return {
        "ruleId": placed.finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[placed.finding.level],
        "message": {"text": _told(placed)},
        "locations": located,
    }


def _physical(place: Place) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": place.line}
    if place.column:
        region["startColumn"] = place.column
    if place.end_line:
        region |= {"endLine": place.end_line, "endColumn": place.end_column}
    if place.offset is not None:
        region |= {"charOffset": place.offset, "charLength": place.length}
    return {"artifactLocation": _artifact(place.file or ""), "region": region}


def _artifact(file: str) -> dict[str, str]:
    if file == "-":
        return {"uri": "stdin"}
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix().encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}
