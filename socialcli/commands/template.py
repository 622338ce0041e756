"""``template``: which reply templates there are, how they read, a new one, and whether they are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click
from msgspec import structs

from socialcli import render, workspace
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import InvalidError, UsageError
from socialcli.model.answers import Made
from socialcli.model.assessment import Kind, Register
from socialcli.model.template import TemplateRecord
from socialcli.options import as_option, dry_run_option, verb
from socialcli.text.counted import counted

if TYPE_CHECKING:
    from socialcli.compose.catalogue import Wanted
    from socialcli.compose.templates import Template
    from socialcli.drafting import Situation


@click.group("template", no_args_is_help=False, short_help="Reply templates: list, show, new, check.")
def command() -> None:
    """Reply templates: which there are, how each reads, a new one, and whether they are right. Each takes --json."""


# ---------------------------------------------------------------------------------------------------- list


@verb("Which templates there are.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only what suits tickets of this kind.")
@click.option("--topic", metavar="T", help="Only what suits this topic of policies.toml.")
@click.option("--register", type=click.Choice(get_args(Register)), help="Only what suits this tone.")
@click.option("--language", metavar="L", help="The files in this language, such as es.")
@click.option("--network", metavar="N", help="Only what suits this network.")
@click.option("--ticket", metavar="TICKET", help="The best for this ticket first, with the reason for each.")
def list_(
    app: App,
    kind: Kind | None,
    topic: str | None,
    register: Register | None,
    language: str | None,
    network: str | None,
    ticket: str | None,
) -> Answer:
    """The templates of the workspace and those that ship, one line for each, whatever languages it is there in.

    \b
    socialcli template list --kind complaint
    socialcli template list --ticket k3p
    """
    wanted = _wanted(app, kind, topic, register, network)
    if ticket is not None:
        return _ranked(app, ticket, wanted, language)
    return _listed(app, wanted, language)


list_.name = "list"
command.add_command(list_)


def _wanted(
    app: App, kind: Kind | None, topic: str | None, register: Register | None, network: str | None
) -> Wanted:
    """Raises UsageError for a topic or a network that nobody knows."""
    from socialcli.compose.catalogue import Wanted
    from socialcli.policy.sense import NETWORKS

    for option, given, known in (
        ("--topic", topic, [one.name for one in app.policy.topics]),
        ("--network", network, list(NETWORKS)),
    ):
        if given is not None and given not in known:
            raise UsageError(f'{option}: nothing is called "{given}"', hint=f"known: {', '.join(known)}")
    return Wanted(kinds=kind, topics=topic, register=register, networks=network)


def _listed(app: App, wanted: Wanted, language: str | None) -> Answer:
    from socialcli.render.template import listed

    if language is not None:
        found = [one for one in app.templates() if _is_in(one, language)]
    else:
        found = [app.template_in(name) for name in _families(app)]
    return Answer([_record(app, one) for one in found if wanted.holds(one)], listed)


def _is_in(template: Template, language: str | None) -> bool:
    return language is None or not template.languages or language in template.languages


def _families(app: App) -> list[str]:
    """What can be named after -t, each family once; of one without a file of its own name, its files."""
    from socialcli.compose.families import family_of

    names = app.template_names()
    return list(dict.fromkeys(family_of(name) if family_of(name) in names else name for name in names))


def _ranked(app: App, ticket: str, wanted: Wanted, language: str | None) -> Answer:
    """Raises NotFoundError for a ticket that there is not."""
    from socialcli.fitting import suggestions
    from socialcli.render.template import ranked

    found = [
        structs.replace(_record(app, one.template), fits=one.fits, reasons=one.reasons)
        for one in suggestions(app, _situation(app, ticket))
        if wanted.holds(one.template) and _is_in(one.template, language)
    ]
    return Answer(found, ranked)


def _situation(app: App, ticket: str) -> Situation:
    """The ticket as it is known here: nothing is read again from the network."""
    from socialcli.drafting import situation

    row = app.queue.ticket(ticket)
    account = app.account(row.account)
    return situation(app.queue, app.policy, app.assessor, row, account, app.channel(row.account))


def _record(app: App, template: Template) -> TemplateRecord:
    from socialcli.compose.catalogue import record_of
    from socialcli.compose.families import family_of

    family = [name for name in app.template_names() if family_of(name) == family_of(template.name)]
    own = workspace.is_own(app.template_files[template.name], app.workspace)
    return record_of(template, family=family, own=own)


# ---------------------------------------------------------------------------------------------------- show


@verb("How one template reads.")
@click.argument("name", metavar="NAME")
@click.option("--ticket", metavar="TICKET", help="As the answer to this ticket, with its check.")
@click.option("--set", "pairs", metavar="NAME=VALUE", multiple=True, help="A value; may be repeated.")
@as_option
def show(app: App, name: str, ticket: str | None, pairs: tuple[str, ...], agent: str | None) -> Answer:
    """The head of a template, its variables and every wording; for a ticket the very text that reply would post.

    \b
    socialcli template show apology
    socialcli template show apology --ticket k3p --set about="your bag"

    Without a ticket what is not given stands as its name in braces.
    """
    from socialcli.drafting import parse_values
    from socialcli.render.template import page

    values = parse_values(pairs)
    if ticket is not None:
        return Answer([_for_ticket(app, name, ticket, values, agent)], page)
    template = app.template_in(name)
    return Answer([structs.replace(_record(app, template), wordings=_samples(app, template, values))], page)


show.name = "show"
command.add_command(show)


def _for_ticket(
    app: App, name: str, ticket: str, values: dict[str, str], agent: str | None
) -> TemplateRecord:
    from socialcli.drafting import Words, compose

    place = _situation(app, ticket)
    template = app.template_in(name, place.language)
    words = Words(templates=(template,), sign_off=app.template("sign-off"), values=values)
    draft = compose(place, words, app.agent(agent), app.policy)
    return structs.replace(_record(app, template), text=draft.text, check=draft.check)


def _samples(app: App, template: Template, values: dict[str, str]) -> tuple[str, ...]:
    """Signed by the first agent of the policy, from its first service account."""
    from socialcli.compose.catalogue import samples
    from socialcli.compose.context import context_for

    context = context_for(app.policy, agent=app.policy.agents[0], account=app.account())
    return samples(template, app.template("sign-off"), context, values)


# ----------------------------------------------------------------------------------------------------- new


@verb("A new template, to be written on.")
@click.argument("name", metavar="NAME")
@click.option("--from", "origin", metavar="NAME", help="Begin with a copy of this one.")
@click.option("--title", metavar="T", help="Its line in the list.")
@dry_run_option
def new(app: App, name: str, origin: str | None, title: str | None, dry_run: bool) -> Answer:
    """Write templates/replies/NAME.j2 into the workspace: a copy of another template (--from; else of the shipped one of
    that name, or of the one that it is to translate), or a short one that is right as it stands. A file that is there
    is never written over.

    \b
    socialcli template new delay --from apology --title "Apology for a delay"
    socialcli template new delay.es --from apology.es

    NAME.es is NAME in Spanish; reply -t NAME picks the file in the customer's language. A template named as one that
    ships stands in its place, and in the place of its translations.
    """
    from socialcli.compose.families import VALID

    if not VALID.fullmatch(name):
        raise UsageError(
            f'"{name}" cannot name a template',
            hint="letters a to z, digits, - and _, at most 60; then perhaps a language: delay.es",
        )
    target = app.workspace / workspace.TEMPLATES / f"{name}.j2"
    workspace.require_new(target)
    content = _content(app, name, origin, title)
    if not dry_run:
        workspace.write_new(target, content.encode())
    return Answer([Made(str(target), "planned" if dry_run else "made")], render.made)


new.name = "new"
command.add_command(new)


def _content(app: App, name: str, origin: str | None, title: str | None) -> str:
    """Raises NotFoundError for an origin that there is not, InvalidError where what comes out is not right."""
    from socialcli.compose.blank import blank, copied
    from socialcli.compose.families import family_of
    from socialcli.compose.templates import parse_template

    origin = origin or next((one for one in (name, family_of(name)) if one in app.template_files), None)
    if origin is None:
        return blank(name, title)
    app.template(origin)
    content = copied(app.template_files[origin].read_text("utf-8"), name, title)
    parse_template(name, content, place=f"{origin}.j2")
    return content


# --------------------------------------------------------------------------------------------------- check


@verb("Whether templates are right.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
def check(app: App, names: tuple[str, ...]) -> Answer:
    """Read templates, all of them where none is named, and tell every mistake with its file and line. A translation
    must take the same values as the template that it translates. Tone, length and sign-off are looked at by
    lint --templates.

    Exit code 7: a template has a mistake.
    """
    from socialcli.compose.catalogue import mismatches
    from socialcli.compose.families import family_of
    from socialcli.compose.templates import unknown_template
    from socialcli.render.template import right

    known = app.template_names()
    for name in names:
        if name not in (*known, *map(family_of, known)):
            raise unknown_template(name, known)
    chosen = [one for one in known if not names or {one, family_of(one)} & set(names)]
    found, mistakes = app.read_templates(chosen)
    mistakes += mismatches(found, app.policy)
    if mistakes:
        raise InvalidError(f"{counted(len(mistakes), 'mistake')} in templates:", tuple(mistakes))
    app.console.note(f"{len(found)} right; next: socialcli lint --templates")
    return Answer([_record(app, one) for one in found], right)


check.name = "check"
command.add_command(check)
