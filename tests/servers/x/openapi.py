"""Recorded requests held against X's own specification, where SOCIALCLI_X_OPENAPI names its file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.servers.x.records import Recorded

VARIABLE = "SOCIALCLI_X_OPENAPI"
# Read at import, since the tests' guards take such variables out of the environment.
SPECIFICATION = os.environ.get(VARIABLE)

# Old name -> name in a specification since 2.167; None: there by expansion only, no longer a field.
_FIELDS = {
    "author_id": None,
    "edit_history_tweet_ids": None,
    "in_reply_to_user_id": None,
    "referenced_tweets": None,
    "sender_id": None,
    "participant_ids": None,
    "affiliation": None,
    "most_recent_tweet_id": None,
    "pinned_tweet_id": None,
    "note_tweet": "note_post",
}
_EXPANSIONS = {
    "referenced_tweets.id": "referenced_posts",
    "referenced_tweets.id.author_id": "referenced_posts",
    "referenced_tweets.id.attachments.media_keys": "referenced_posts",
    "entities.note.mentions.username": "entities.mentions.username",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "affiliation.user_id": "affiliation",
    "most_recent_tweet_id": "most_recent_post_id",
    "pinned_tweet_id": "pinned_post_id",
}


def assert_valid(requests: Iterable[Recorded]) -> None:
    """Fails with all that is wrong; skips the test where no specification is named."""
    if SPECIFICATION is None:
        pytest.skip(f"set {VARIABLE} to the file of X's specification")
    found = problems(requests)
    assert not found, "\n".join(found)


def problems(requests: Iterable[Recorded], file: str | None = None) -> list[str]:
    """What the specification in ``file`` (else the one of the environment) says against these requests."""
    chosen = file or SPECIFICATION
    if chosen is None:
        raise ValueError(f"{VARIABLE} names no specification")
    specification = Specification.of(chosen)
    return [
        f"{each.method} {each.path}: {problem}"
        for each in requests
        for problem in specification.against(each)
    ]


class Specification:
    """An OpenAPI 3.0 document, as far as requests are concerned."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._new = "PostFieldsParameter" in document["components"].get("parameters", {})

    @staticmethod
    @cache
    def of(file: str) -> Specification:
        return Specification(json.loads(Path(file).read_bytes()))

    def against(self, request: Recorded) -> Iterator[str]:
        operation = self._operation(request)
        if operation is None:
            yield "no such path and method"
            return
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        known = {each["name"]: each for each in parameters if each["in"] == "query"}
        query = self._translated(request.query)
        for name, value in query.items():
            if name not in known:
                yield f"no query parameter {name}"
            else:
                yield from self._check(
                    _read(value, self._resolved(known[name]["schema"])), known[name]["schema"], name
                )
        yield from (
            f"{name} is missing" for name, each in known.items() if each.get("required") and name not in query
        )
        yield from self._body(request, operation)

    def _operation(self, request: Recorded) -> dict[str, Any] | None:
        """Paths without parameters first."""
        paths: dict[str, Any] = self._document["paths"]
        for path in sorted(paths, key=lambda each: each.count("{")):
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
            operation = paths[path].get(request.method.lower())
            if operation is not None and re.fullmatch(pattern, request.path):
                return dict(operation)
        return None

    def _body(self, request: Recorded, operation: dict[str, Any]) -> Iterator[str]:
        described = operation.get("requestBody")
        if described is None:
            if request.body is not None:
                yield "a body where none belongs"
        elif request.body is not None:
            yield from self._check(request.body, described["content"]["application/json"]["schema"], "body")
        elif described.get("required"):
            yield "no body"

    def _translated(self, query: dict[str, str]) -> dict[str, str]:
        """The old names by those of the newer specification, if that is the one."""
        if not self._new:
            return query
        translated: dict[str, str] = {}
        for name, value in query.items():
            names = value.split(",")
            if name.endswith(".fields"):
                names = [new for each in names if (new := _FIELDS.get(each, each)) is not None]
            elif name == "expansions":
                names = list(dict.fromkeys(_EXPANSIONS.get(each, each) for each in names))
            else:
                translated[name] = value
                continue
            if names:
                translated[name.replace("tweet.", "post.")] = ",".join(names)
        return translated

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _check(self, value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
        schema = self._resolved(schema)
        for each in schema.get("allOf", ()):
            yield from self._check(value, each, place)
        for choice in ("anyOf", "oneOf"):
            if choice in schema and all(list(self._check(value, each, place)) for each in schema[choice]):
                yield f"{place}: none of the forms that it may have"
        kind = schema.get("type")
        if kind is not None and not _is(kind, value):
            yield f"{place}: {value!r} is no {kind}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {value!r} is not one of {schema['enum']}"
        if isinstance(value, str):
            yield from _check_text(value, schema, place)
        elif isinstance(value, dict):
            yield from self._check_object(value, schema, place)
        elif isinstance(value, list):
            yield from self._check_list(value, schema, place)
        elif isinstance(value, int):
            yield from _check_number(value, schema, place)

    def _check_object(self, value: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
        known = schema.get("properties", {})
        yield from (f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, each in value.items():
            if name in known:
                yield from self._check(each, known[name], f"{place}.{name}")
            elif (
                known
            ):  # stricter than where additionalProperties is left open: what is not named is a mistake
                yield f"{place}: no property {name}"

    def _check_list(self, value: list[Any], schema: dict[str, Any], place: str) -> Iterator[str]:
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{place}: {len(value)} entries"
        if schema.get("uniqueItems") and len({str(each) for each in value}) < len(value):
            yield f"{place}: an entry stands there twice"
        for each in value:
            yield from self._check(each, schema.get("items", {}), place)


def _is(kind: str, value: Any) -> bool:
    if kind in {"integer", "number"}:
        return isinstance(value, int if kind == "integer" else int | float) and not isinstance(value, bool)
    types: dict[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict}
    return isinstance(value, types[kind])


def _read(value: str, schema: dict[str, Any]) -> Any:
    """A query parameter as the value that the schema describes."""
    if schema.get("type") == "array":
        return value.split(",")
    if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    return value == "true" if schema.get("type") == "boolean" and value in {"true", "false"} else value


def _check_text(value: str, schema: dict[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{place}: {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place}: {value!r} is not like {schema['pattern']}"
    if schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value
    ):
        yield f"{place}: {value!r} is no time in UTC"


def _check_number(value: int, schema: dict[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{place}: {value} is out of range"
