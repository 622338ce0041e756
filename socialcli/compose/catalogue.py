"""What there is to say of templates without a ticket: which are asked for, how they read, where they disagree with
each other or with the policy. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from socialcli.compose.context import Context, TicketFacts
from socialcli.compose.families import family_of
from socialcli.compose.frontmatter import Variable, did_you_mean
from socialcli.compose.settling import looked_up
from socialcli.compose.templates import Template, variables_of, wordings, worst_case
from socialcli.model.template import TemplateRecord, VariableRecord

if TYPE_CHECKING:
    from socialcli.policy.schema import Policy


class Wanted(Struct, frozen=True):
    """Which templates are asked for; None asks for nothing. A head that leaves a list open suits any."""

    kinds: str | None = None
    topics: str | None = None
    register: str | None = None
    networks: str | None = None
    road: str | None = None

    def holds(self, template: Template) -> bool:
        return all(
            wanted is None or not getattr(template, key) or wanted in getattr(template, key)
            for key, wanted in structs.asdict(self).items()
        )


def record_of(template: Template, *, family: Iterable[str] = (), own: bool = False) -> TemplateRecord:
    """``family`` are the names of all files of its family."""
    shared = set(TemplateRecord.__struct_fields__) & set(Template.__struct_fields__) - {"variables"}
    return TemplateRecord(
        **{name: getattr(template, name) for name in shared},
        family=family_of(template.name),
        variables=tuple(_variable(one) for one in variables_of(template)),
        file=template.place,
        own=own,
        also=tuple(name for name in family if name != template.name),
    )


def _variable(variable: Variable) -> VariableRecord:
    return VariableRecord(**{name: getattr(variable, name) for name in VariableRecord.__struct_fields__})


def samples(
    template: Template, sign_off: Template | None, context: Context, values: dict[str, str]
) -> tuple[str, ...]:
    """Every wording once, for each kind of ticket that it is for, with and without what may be left out. What has no
    value in ``values`` stands as its name in braces, an address as its longest. Raises as ``render`` does.
    """
    open_ = [one for one in variables_of(template) if not looked_up(one.from_, context)]
    marks = {one.name: _mark(template, one) for one in open_}
    needed = {one.name: marks[one.name] for one in open_ if one.required}
    texts: dict[str, None] = {}
    for kind in template.kinds or ("",):
        place = structs.replace(context, ticket=TicketFacts(kind=kind))
        for shown in (needed, marks):
            said = wordings([template], sign_off, place, {**shown, **values})
            texts |= dict.fromkeys(said)
    return tuple(texts)


def _mark(template: Template, variable: Variable) -> str:
    return worst_case(template)[variable.name] if variable.type == "url" else f"{{{variable.name}}}"


def mismatches(templates: Sequence[Template], policy: Policy) -> Iterator[str]:
    """``file:line: what`` for what is right in each file, and wrong beside the others or the policy."""
    topics = [topic.name for topic in policy.topics]
    by_name = {one.name: one for one in templates}
    for one in templates:
        for topic in one.topics:
            if topic not in topics:
                yield f'{one.place}:1: topics: the policy has no topic "{topic}"{did_you_mean(topic, topics)}'
        base = by_name.get(family_of(one.name), one)
        yield from _beside(one, base)


def _beside(template: Template, base: Template) -> Iterator[str]:
    """A translation takes the values that its family takes: else ``--set`` would depend on who is answered."""
    own = {variable.name: variable for variable in variables_of(template)}
    theirs = {variable.name: variable for variable in variables_of(base)}
    for name in sorted(theirs.keys() - own.keys()):
        yield f'{template.place}:1: variables: lacks "{name}", which {base.name} has'
    for name in sorted(own.keys() - theirs.keys()):
        yield f'{template.place}:1: variables: has "{name}", which {base.name} lacks{did_you_mean(name, theirs)}'
    for name in sorted(own.keys() & theirs.keys()):
        if own[name].type != theirs[name].type:
            yield f"{template.place}:1: variables.{name}: is {own[name].type}, in {base.name} {theirs[name].type}"
