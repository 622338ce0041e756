"""``doctor``: what works, what is missing, and the next step for each."""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from socialcli import render
from socialcli.app import App
from socialcli.console import Answer, interactive
from socialcli.credentials import NoTokensError
from socialcli.errors import CredentialsError, InvalidError, SocialError, TemporaryError, UsageError
from socialcli.model.answers import Health
from socialcli.options import dry_run_option, verb, yes_option
from socialcli.policy.schema import Account
from socialcli.text.counted import counted
from socialcli.workspace import POLICY, shipped

if TYPE_CHECKING:
    from socialcli.queue.findings import Finding
    from socialcli.queue.repairing import Mended


@verb("What works, what is missing, what to do next.")
@click.option(
    "--verify", is_flag=True, help="Read every line of the queue and name all that is wrong with it."
)
@click.option("--repair", is_flag=True, help="Set aside what is bad in the queue; nothing is thrown away.")
@dry_run_option
@yes_option
def command(app: App, verify: bool, repair: bool, dry_run: bool, yes: bool) -> Answer:
    """Look at the workspace: policy, templates, accounts, queue. Exit code 7 if something is broken, 4 if it is
    only tokens that are missing or rejected.

    \b
    socialcli doctor
    socialcli doctor --verify
    socialcli doctor --repair --dry-run

    --verify looks at the queue alone, from its first byte to its last: every finding with its line and what to do.
    What is harmless is said too, and is no failure. --repair mends what can be mended, and says what it did.
    """
    if (dry_run or yes) and not repair:
        raise UsageError("--dry-run and --yes belong to --repair", hint="socialcli doctor --help")
    if repair:
        return mend(app, dry_run=dry_run, yes=yes)
    return read_all(app) if verify else run(app)


def run(app: App) -> Answer:
    """Nothing is changed, but for the index, which is derived."""
    broken: list[str] = []
    locked_out: list[str] = []  # accounts whose tokens are missing or rejected

    def records() -> Iterator[Health]:
        for one in _all(app, locked_out):
            if one.state == "broken" and one.what not in locked_out:
                broken.append(one.what)
            yield one

    def against() -> SocialError | None:
        if broken:
            return InvalidError(f"broken: {', '.join(dict.fromkeys((*broken, *locked_out)))}")
        return _not_logged_in(locked_out) if locked_out else None

    return Answer(records(), render.health, against)


def _not_logged_in(accounts: list[str]) -> CredentialsError:
    return CredentialsError(f"not logged in: {', '.join(accounts)}", hint="socialcli login ACCOUNT")


def _all(app: App, locked_out: list[str]) -> Iterator[Health]:
    import socialcli.compose.linter  # noqa: F401 - so that rule ids in the policy are checked too

    yield _workspace(app)
    try:
        policy = app.policy
    except InvalidError as error:
        yield Health("policy", "broken", error.message, "mend the lines above and run doctor again")
        return
    yield _policy(app)
    yield from _learned(app)
    yield from _templates(app)
    for account in policy.accounts:
        yield _account(app, account, locked_out)
        yield from _spent(app, account)
    yield from _queue(app)


def _workspace(app: App) -> Health:
    folder = app.workspace
    if not folder.is_dir():
        return Health("workspace", "missing", str(folder), f"socialcli init {folder}")
    if not os.access(folder, os.W_OK):
        return Health(
            "workspace", "missing", f"{folder} cannot be written", "check who owns it, or use -w DIR"
        )
    return Health("workspace", "ok", str(folder))


def _policy(app: App) -> Health:
    path = app.workspace / POLICY
    if not path.is_file():
        return Health("policy", "missing", "the shipped one is in force", f"socialcli init {app.workspace}")
    if app.policy.brand == app.read_policy(None).brand:
        brand = app.policy.brand.name
        return Health(
            "policy", "missing", f"the brand is still the example, {brand}", f"edit [brand] in {path}"
        )
    if left := _left_of_the_example(app):
        detail = f"still the example's: {', '.join(left)}"
        return Health("policy", "missing", detail, f"edit them in {path}")
    return Health("policy", "ok", f"{path} ({app.policy.brand.name})")


def _learned(app: App) -> Iterator[Health]:
    """The models in force, with their figures on messages held out."""
    try:
        learned = app.learned
    except InvalidError as error:
        yield Health("learned", "broken", error.message, error.hint)
        return
    for model in learned.models.values() if learned is not None else ():
        figures = (
            f"macro-F1 {model.learned.macro_f1:.3f} held out, {model.rules.macro_f1:.3f} by the rules alone"
        )
        detail = f"{model.target}, from {model.source} ({counted(model.examples, 'message')}): {figures}"
        yield Health("learned", "ok", detail)


def _left_of_the_example(app: App) -> list[str]:
    """Keys that still hold an address of the example brand: customers would be sent there."""
    policy = app.policy
    held = {
        "brand.contacts": policy.brand.contacts,
        "brand.livechat": (policy.brand.livechat,),
        "brand.help": (policy.brand.help,),
        "links.hosts": policy.links.hosts,
        "offline.email": (policy.offline.email,),
    }
    return [key for key, values in held.items() if any("northline.example" in value for value in values)]


def _templates(app: App) -> Iterator[Health]:
    names = app.template_names()
    mistakes = []
    for name in names:
        try:
            app.template(name)
        except SocialError as error:
            mistakes.append(error.message)
    if mistakes:
        yield Health("templates", "broken", "\n".join(mistakes), "socialcli lint --templates")
    else:
        own = (app.workspace / "templates").is_dir() and app.workspace != shipped()
        yield Health("templates", "ok", f"{len(names)}, {'own and shipped' if own else 'shipped'}")


def _account(app: App, account: Account, locked_out: list[str]) -> Health:
    what = f"account {account.name} (@{account.handle} on {account.network})"
    try:
        channel = app.channel(account.name)
    except SocialError as error:
        if account.network == "x" and isinstance(error, CredentialsError):
            locked_out.append(what)
        broken = account.network == "x" and not isinstance(error, NoTokensError)
        return Health(what, "broken" if broken else "missing", error.message, error.hint)
    if account.network == "file":
        return _inbox(app, account, what)
    if account.network == "feed":
        return _feeds(app, account, what)
    try:
        said = channel.check_login()
    except TemporaryError as error:  # nothing here that could be mended
        return Health(what, "missing", f"not tried: {error.message}", error.hint)
    except SocialError as error:
        if isinstance(error, CredentialsError):
            locked_out.append(what)
        return Health(what, "broken", error.message, error.hint)
    return Health(what, "ok", f"{said}; tokens from {app.login(account.name).source}")


def _feeds(app: App, account: Account, what: str) -> Health:
    if not account.feeds:
        return Health(
            what, "missing", "reads no feed", f"add feeds = [...] to it in {app.workspace / POLICY}"
        )
    return Health(what, "ok", f"reads {', '.join(account.feeds)}; no login needed")


def _inbox(app: App, account: Account, what: str) -> Health:
    inbox = app.workspace / account.inbox
    if inbox.is_file():
        return Health(what, "ok", f"reads {inbox}")
    if inbox.exists():
        return Health(what, "broken", f"{inbox} is not a regular file", "put a JSON Lines file in its place")
    return Health(what, "missing", f"no {inbox}", "put JSON Lines there, or: socialcli fetch --from FILE")


def _spent(app: App, account: Account) -> Iterator[Health]:
    """What the month has cost so far, and what it comes to if it goes on like this; networks count in UTC."""
    now = app.now()
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    spent = app.queue.spent(account.name, first)
    if not spent:
        return
    whole = monthrange(now.year, now.month)[1]
    gone = max((now - first) / timedelta(days=1), 1.0)  # the first hours of a month say nothing yet
    forecast = spent * whole / Decimal(gone)
    detail = f"at most {spent:.2f} USD this month; at this pace {forecast:.2f} by its end"
    yield Health(f"account {account.name}: cost", "ok", detail)


def _queue(app: App) -> Iterator[Health]:
    """What the index knows of the queue: it has read each line once."""
    yield from _shorter(app)
    if app.queue.journal.size() == 0:
        yield Health("queue", "missing", "nothing in it yet", "socialcli fetch")
        return
    yield _totals(app)
    for reason in app.queue.index.unread():
        detail = f"an archive could not be read; its tickets are missing: {reason}"
        yield Health("queue", "broken", detail, "put it back from a backup, then: socialcli doctor --verify")
    for number, reason in _bad_lines(app):
        where = f"{app.queue.journal.path}:{number}"
        yield Health(
            "queue", "broken", f"{where}: {reason}", "the line was passed over; socialcli doctor --verify"
        )
    if app.queue.index.in_memory:
        detail = f"{app.momentary} cannot be written: every command reads the journal anew"
        yield Health("index", "missing", detail, "make the folder writable")


def _shorter(app: App) -> Iterator[Health]:
    """Lines at the end that are gone, also those of a journal that is gone as a whole."""
    from socialcli.queue import shorter

    if not app.momentary.is_dir():
        return
    app.queue.refresh()
    for one in shorter.standing(app.momentary, app.queue.index.lines()):
        gone = counted(one.bytes, "byte")
        detail = f"{app.queue.journal.path}: {gone} of lines are missing at the end: found on {one.at}"
        yield Health("queue", "broken", detail, "socialcli doctor --verify says what to do")


def _bad_lines(app: App) -> Iterator[tuple[int, str]]:
    """Lines that the fold passed over; not those that only miss one which was set aside."""
    from socialcli.queue.findings import is_stray
    from socialcli.queue.verifying import set_aside

    known = bool(set_aside(app.queue.journal.path))
    for number, reason in app.queue.bad_lines():
        if not (known and is_stray(reason)):
            yield number, reason


def _totals(app: App) -> Health:
    tickets, messages = app.queue.totals()
    return Health("queue", "ok", f"{counted(tickets, 'ticket')}, {counted(messages, 'message')}")


# every line of the queue


def read_all(app: App) -> Answer:
    """All findings, as they are met."""
    from socialcli.queue.health import as_found, in_rows
    from socialcli.queue.repairing import Mended
    from socialcli.queue.verifying import verify

    broken: list[Finding] = []

    def records() -> Iterator[Health]:
        for one, _ in in_rows(Mended(one, None) for one in verify(app.queue)):
            if one.kind.broken:
                broken.append(one)
            yield as_found(one, app.workspace)
        yield _totals(app)

    return Answer(records(), render.health, lambda: _against(len(broken)))


def mend(app: App, *, dry_run: bool, yes: bool) -> Answer:
    """Mend the queue, after a yes. Raises UsageError where it is missing, click.Abort where a person says no."""
    from socialcli.queue.health import as_found, as_mended, as_planned, in_rows
    from socialcli.queue.repairing import Mended, repair
    from socialcli.queue.verifying import verify

    def in_short(found: Iterable[Finding]) -> list[Finding]:
        return [one for one, _ in in_rows(Mended(one, None) for one in found)]

    found = list(verify(app.queue))
    planned = [as_planned(one, app.workspace) for one in in_short(found) if one.kind.mend]
    mended: list[Mended] = []
    if planned and not dry_run:
        _confirm(app, planned, yes=yes)
        planned = []
        mended, found = repair(app.queue)
    done = [as_mended(one, app.workspace) for one in in_rows(mended)]
    rest = [one for one in found if not (planned and one.kind.mend)]
    records = [*done, *planned, *(as_found(one, app.workspace) for one in in_short(rest)), _totals(app)]
    return Answer(records, render.health, lambda: _against(sum(one.kind.broken for one in rest)))


def _confirm(app: App, plan: list[Health], *, yes: bool) -> None:
    if yes:
        return
    if not interactive() or app.console.json:
        raise UsageError(
            "to repair the queue needs a yes", hint="add --yes, or look at it first with --dry-run"
        )
    from socialcli.prompts import confirm

    app.console.show(render.health(plan, app.console.screen()))
    if not confirm("Do it?"):
        app.console.note("nothing was done")
        raise click.Abort


def _against(broken: int) -> SocialError | None:
    """What stands against a queue with so many broken places."""
    if not broken:
        return None
    return InvalidError(
        f"the queue is broken in {counted(broken, 'place')}",
        hint="what to do stands beside each; the rest works",
    )
