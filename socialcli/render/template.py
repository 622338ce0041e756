"""Templates on a screen: one line each in a list, a page for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.compose.families import language_of
from socialcli.console import Screen
from socialcli.model.template import TemplateRecord, VariableRecord
from socialcli.render.draft import check_lines
from socialcli.render.screen import columns, folded
from socialcli.text.clean import harmless

_HEAD = ("TEMPLATE", "LANGUAGES", "FOR", "TITLE")
_HEAD_FOR_TICKET = ("", "TEMPLATE", "TITLE", "WHY")
_WIDEST = 30
_INDENT = " " * 14
_LISTS = ("kinds", "topics", "register", "languages", "networks", "road", "priorities", "needs")


def listed(records: Iterable[TemplateRecord], screen: Screen) -> Iterator[str]:
    rows = [
        (
            harmless(one.name),
            _languages(one),
            harmless(", ".join(one.kinds) or one.class_),
            harmless(one.title),
        )
        for one in records
    ]
    if rows:
        yield from columns([_HEAD, *rows] if screen.terminal else rows, screen, widest=_WIDEST)


def ranked(records: Iterable[TemplateRecord], screen: Screen) -> Iterator[str]:
    """For a ticket: + fits, - does not, and why."""
    rows = [
        (
            "+" if one.fits else "-",
            harmless(one.family),
            harmless(one.title),
            harmless(", ".join(one.reasons or ())) or "suits any",
        )
        for one in records
    ]
    if rows:
        yield from columns([_HEAD_FOR_TICKET, *rows] if screen.terminal else rows, screen, widest=_WIDEST)


def right(records: Iterable[TemplateRecord], _screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"ok  {harmless(one.name)}"


def page(records: Iterable[TemplateRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        yield from _head(one, screen)
        for variable in one.variables:
            yield from folded("  --set       ", _variable(variable), screen, _INDENT)
        yield ""
        if one.text is not None and one.check is not None:
            yield harmless(one.text, lines=True)
            yield from check_lines(one.check, one.text, screen)
        yield from (f"  {harmless(text, lines=True)}" for text in one.wordings or ())


def _head(one: TemplateRecord, screen: Screen) -> Iterator[str]:
    yield f"{harmless(one.name)}: {harmless(one.title)}"
    if one.when:
        yield from folded("  when        ", harmless(one.when), screen, _INDENT)
    for key in _LISTS:
        values = getattr(one, key)
        if values:
            yield f"  {key:10}  {harmless(', '.join(values))}"
    if one.also:
        yield f"  also        {harmless(', '.join(one.also))}"
    yield f"  file        {harmless(one.file)}{'' if one.own else ' (shipped)'}"


def _variable(variable: VariableRecord) -> str:
    about = harmless(variable.description)
    supplied = "needed" if variable.required and not variable.default else "may be left out"
    if variable.default:
        supplied = f'else "{harmless(variable.default)}"'
    if variable.from_:
        supplied = f"else {variable.from_}"
    kind = "" if variable.type == "text" else f" ({variable.type})"
    return f"{harmless(variable.name)}=...{kind}  {about + '; ' if about else ''}{supplied}"


def _languages(one: TemplateRecord) -> str:
    """Those of the family: this file's first."""
    beside = [language_of(name) for name in one.also if language_of(name)]
    return harmless(" ".join(dict.fromkeys((*(one.languages or ("any",)), *beside))))
