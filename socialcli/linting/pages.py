"""The pages of docs/rules, made of the rules themselves (``make docs``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from socialcli.compose.checks import RULES
from socialcli.compose.checks.rule import CheckRequest, Rule
from socialcli.compose.fixing import FIXES
from socialcli.text.clean import harmless

_CHANGE = """\
## To change it

In `policies.toml`, for everything that is checked; `"off"` silences it:

```toml
[checks]
"{rule}" = "{other}"
```

In the head of one template, with the reason, for `lint --templates`:

```toml
allow = {{"{rule}" = "why it is right here"}}
```
"""
_ERROR = """
An error stops a reply. `socialcli reply --allow {rule} --reason "why"` lets one pass, and an allowance in a template
counts, only where `reply.may_allow` in `policies.toml` names the rule.
"""


def page_name(rule: str) -> str:
    """``tone/blame`` -> ``tone-blame.md``."""
    return f"{rule.replace('/', '-')}.md"


def page_of(file: str) -> str:
    """What stands on the page of this name. Raises KeyError where there is no such rule."""
    return _page({page_name(rule.id): rule for rule in RULES.values()}[Path(file).name])


def index() -> str:
    """All rules as a table."""
    head = ["| rule | level | why | `--fix` |", "|---|---|---|---|"]
    rows = (
        f"| [`{rule.id}`]({page_name(rule.id)}) | {rule.level} | {rule.why} | {FIXES.get(rule.id, '')} |"
        for rule in RULES.values()
    )
    return "\n".join((*head, *rows))


def _page(rule: Rule) -> str:
    fixed = f"\n`lint --fix` {FIXES[rule.id]}.\n" if rule.id in FIXES else ""
    other = "warning" if rule.level == "error" else "error"
    parts = (
        f"# {rule.id}\n",
        f"Level: **{rule.level}**, unless `policies.toml` says otherwise.\n",
        f"{rule.why}\n{fixed}",
        f"## Good\n\n{_example(rule.good)}\n",
        "## Bad\n",
        *(f"{_example(request)}\n" for request in rule.bad),
        _CHANGE.format(rule=rule.id, other=other)
        + (_ERROR.format(rule=rule.id) if rule.level == "error" else ""),
    )
    return "\n".join(parts).rstrip() + "\n"


def _example(request: CheckRequest) -> str:
    lines = "\n".join(harmless(line) for line in _told(request))
    return f"```text\n{lines}\n```"


def _told(request: CheckRequest) -> Iterator[str]:
    """The draft and what is known around it."""
    said = [("we" if one.direction == "outbound" else "customer", one.text) for one in request.thread]
    yield from (f"{who + ':':9} {text}" for who, text in said)
    if request.assessment and not said:
        read = request.assessment
        formal = ", formal" if read.register == "formal" else ""
        yield f"customer: (triage says: {read.kind}{formal})"
    if request.recent:
        yield f"sent just now: {' / '.join(request.recent)}"
    if request.card:
        yield "known: " + ", ".join(f"{key} {value}" for key, value in request.card.items())
    kind = (
        "statement" if request.statement else "draft" if request.visibility == "public" else "direct message"
    )
    yield (
        f"{kind}:{' ' * max(1, 9 - len(kind))}{request.text}"
        if request.text.strip()
        else f'{kind}: "{request.text}"'
    )
