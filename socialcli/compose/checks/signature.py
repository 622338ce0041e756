"""The sign-off form of the policy ("^{initials}", "*{initials}", "- {first_name}") read as a pattern."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from socialcli.policy.schema import Agent

_FIELDS = ("{initials}", "{first_name}", "{name}")
# What may follow: white space, closing punctuation, a part number ("1/2"), links.
_AFTER = r"(?=[\s.!)]*(?:\(?\d/\d\)?\s*)?(?:(?:https?://|www\.)\S+\s*){0,4}\Z)"
_TAIL = 600  # code points at the end in which a sign-off is looked for: room for links after it


class Signature(NamedTuple):
    start: int
    end: int
    written: str
    agents: tuple[Agent, ...]  # whose it may be; none for a stranger's


def signature_in(text: str, form: str, agents: tuple[Agent, ...]) -> Signature | None:
    """The sign-off at the end of ``text`` (before a link is fine), known agent's or not."""
    if not form:
        return None
    offset = max(0, len(text) - _TAIL)
    tail = text[offset:]
    for pattern in _known(form, agents):
        if match := pattern.search(tail):
            return _signature(match, offset, form, agents)
    match = _anybody(form).search(tail)
    return _signature(match, offset, form, agents) if match else None


def sign_off(form: str, agent: Agent) -> str:
    """What ``agent`` writes under a reply."""
    first_name = agent.name.split()[0] if agent.name.split() else agent.name
    return (
        form.replace("{initials}", agent.initials)
        .replace("{first_name}", first_name)
        .replace("{name}", agent.name)
    )


def _signature(match: re.Match[str], offset: int, form: str, agents: tuple[Agent, ...]) -> Signature:
    written = match.group("mark")
    same = tuple(agent for agent in agents if sign_off(form, agent).casefold() == written.casefold())
    return Signature(match.start("mark") + offset, match.end("mark") + offset, written, same)


@cache
def _known(form: str, agents: tuple[Agent, ...]) -> tuple[re.Pattern[str], ...]:
    """The sign-offs of the policy's agents, longest first: a name may have more than one word."""
    marks = sorted({sign_off(form, agent) for agent in agents if agent.initials or agent.name}, key=len)
    if not marks:
        return ()
    return (_compile("|".join(re.escape(mark) for mark in reversed(marks)), form),)


@cache
def _anybody(form: str) -> re.Pattern[str]:
    """The form with any initials or name in it."""
    mark = re.escape(form)
    for name in _FIELDS:
        anyone = r"[^\W\d_]{1,4}" if name == "{initials}" else r"[^\W\d_]{1,30}"
        mark = mark.replace(re.escape(name), anyone)
    return _compile(mark, form)


def _compile(mark: str, form: str) -> re.Pattern[str]:
    """A form that begins with a mark of its own ("^") may stick to the word before; others may not."""
    before = r"(?<!\w)" if form[0] in "-{" or form[0].isalnum() else ""
    return re.compile(f"{before}(?P<mark>{mark}){_AFTER}", re.IGNORECASE)
