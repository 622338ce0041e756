"""The text of a template that somebody is about to write: a copy of another, or a first one that is right."""

from __future__ import annotations

import json
import re

from socialcli.compose.families import family_of, language_of

_BLANK = """+++
title = {title}
when = "Say here when it is to be used."
# For what it is suggested. What you leave out suits anything.
# kinds = ["complaint", "request", "question"]
# topics = ["baggage"]
# register = ["formal", "neutral", "friendly"]
{language}

# What is given with --set detail="...". Delete what you do not use.
[variables.detail]
type = "text"
description = 'what it is about, such as "your bag"'
default = "your message"
worst = "the longest that you expect here"
+++
{{{{ greet(pick(
  "thank you for telling us about " ~ detail ~ ".",
  "thanks for writing to us about " ~ detail ~ "."
)) }}}}
Could you tell us when it happened, so that we can look into it?
"""


def blank(name: str, title: str | None) -> str:
    language = language_of(name) or "en"
    line = f"languages = {json.dumps([language])}"
    return _BLANK.format(title=_quoted(title or _titled(name)), language=line)


def copied(source: str, name: str, title: str | None) -> str:
    """``source`` with another title, where one is given, and, under a name that says its language, that language.
    Everything else stands as it is.
    """
    if title is not None:
        source = _with(source, "title", _quoted(title))
    if language_of(name):
        source = _with(source, "languages", json.dumps([language_of(name)]))
    return source


def _with(source: str, key: str, value: str) -> str:
    """The head with a key set: where it stands, else first in the head, else in a head of its own."""
    head = re.match(r"\ufeff?\+\+\+[ \t]*\r?\n", source)
    if head is None:
        return f"+++\n{key} = {value}\n+++\n{source}"
    end = re.compile(r"^(?:\[|\+\+\+[ \t]*\r?$)", re.MULTILINE).search(source, head.end())
    stop = end.start() if end else len(source)
    top = source[head.end() : stop]
    line = f"{key} = {value}"
    top, found = re.subn(rf"^{key}[ \t]*=.*$", lambda _: line, top, count=1, flags=re.MULTILINE)
    return source[: head.end()] + ("" if found else line + "\n") + top + source[stop:]


def _titled(name: str) -> str:
    return family_of(name).replace("-", " ").replace("_", " ").capitalize()


def _quoted(text: str) -> str:
    """As a TOML string; the JSON form is one."""
    return json.dumps(text, ensure_ascii=False)
