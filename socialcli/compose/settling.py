"""The variables of templates: what there are, and what each is set to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from socialcli.compose.context import Context
from socialcli.compose.dialect import read_body
from socialcli.compose.frontmatter import Variable, did_you_mean, value_mistake
from socialcli.errors import UsageError

if TYPE_CHECKING:
    from socialcli.compose.templates import Template

_WORST = {
    "text": "the long replacement of the earlier one",
    "url": "https://www.example.com/help/a-rather-long-address",
    "time": "tomorrow at 23:59 (UTC+13)",
}


def variables_of(template: Template) -> tuple[Variable, ...]:
    """What can be set: the variables of the head, then those that only the body names. Of the latter one is
    required if the body uses it anywhere without ``is defined``.
    """
    body = read_body(template.source, template.first_line)
    declared = {variable.name for variable in template.variables}
    found = (Variable(name=name, required=name in body.needed) for name in body.names if name not in declared)
    return (*template.variables, *found)


def worst_case(template: Template) -> dict[str, str]:
    """The longest that is to be expected for each variable: ``worst`` of the head, else a long default."""
    return {
        variable.name: variable.worst or max(variable.default, _WORST[variable.type], key=len)
        for variable in variables_of(template)
    }


def settle(
    templates: Sequence[Template], context: Context, values: Mapping[str, str]
) -> list[dict[str, str]]:
    """The variables of each template: given, else from the context, else the default. A blank value counts as not
    given. Raises UsageError with all that is wrong with ``values``: missing (and where it is used), unknown, not
    of its type.
    """
    given = {name: value for name, value in values.items() if value.strip()}
    wrong = _unknown(templates, values)
    missing: dict[str, None] = {}
    settled: list[dict[str, str]] = []
    for template in templates:
        own, lacking = _own(template, context, given, wrong)
        if lacking:
            needs = ", ".join(_asked(template, variable) for variable in lacking)
            wrong[f'template "{template.name}" needs {needs}'] = None
            missing |= {variable.name: None for variable in lacking}
        settled.append(own)
    if wrong:
        hint = "add " + " ".join(f"--set {name}=..." for name in missing) if missing else ""
        raise UsageError("; ".join(wrong), hint=hint)
    return settled


def _own(
    template: Template, context: Context, given: Mapping[str, str], wrong: dict[str, None]
) -> tuple[dict[str, str], list[Variable]]:
    """The values of one template, and the required variables that have none. Adds to ``wrong``."""
    own: dict[str, str] = {}
    lacking: list[Variable] = []
    for variable in variables_of(template):
        value = given.get(variable.name) or looked_up(variable.from_, context) or variable.default
        fault = value_mistake(variable.type, value) if value else ""
        if fault:
            wrong[f"{variable.name}: {fault}"] = None
        elif value:
            own[variable.name] = value
        elif variable.required:
            lacking.append(variable)
    return own, lacking


def _unknown(templates: Sequence[Template], values: Mapping[str, str]) -> dict[str, None]:
    known = {variable.name for template in templates for variable in variables_of(template)}
    names = ", ".join(template.name for template in templates if template.class_ != "sign-off")
    return {
        f'{names}: no variable "{name}"{did_you_mean(name, sorted(known))}': None
        for name in values
        if name not in known
    }


def looked_up(path: str, context: Context) -> str:
    """The part of the context that a variable is taken from, such as ``brand.livechat``; "" where there is none."""
    if not path:
        return ""
    root, part = path.split(".")
    return str(getattr(getattr(context, root), part))


def _asked(template: Template, variable: Variable) -> str:
    """``link (the address of the LiveChat, else brand.livechat in the policy)``. One that the head does not explain
    may be misspelt: it is told with its place, ``lnk (livechat.j2:21)``.
    """
    elsewhere = f", else {variable.from_} in the policy" if variable.from_.startswith("brand.") else ""
    about = variable.description + elsewhere
    if about:
        return f"{variable.name} ({about})"
    line = read_body(template.source, template.first_line).needed.get(variable.name, template.first_line)
    return f"{variable.name} ({template.place}:{line})"
