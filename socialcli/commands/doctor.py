"""``doctor``: what works, what is missing, and the next step for each."""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from socialcli import render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.credentials import NoTokensError
from socialcli.errors import CredentialsError, InvalidError, SocialError, TemporaryError
from socialcli.model.answers import Health
from socialcli.options import verb
from socialcli.policy.schema import Account
from socialcli.workspace import POLICY, shipped


@verb("What works, what is missing, what to do next.")
def command(app: App) -> Answer:
    """Look at the workspace: policy, templates, accounts, queue. Exit code 7 if something is broken, 4 if it is
    only tokens that are missing or rejected.
    """
    return run(app)


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
            return InvalidError(f"broken: {', '.join((*broken, *locked_out))}")
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
    if app.queue.journal.size() == 0:
        yield Health("queue", "missing", "nothing in it yet", "socialcli fetch")
        return
    bad_lines = app.queue.verify()
    tickets, messages = app.queue.totals()
    yield Health("queue", "ok", f"{tickets:,} tickets, {messages:,} messages")
    for number, reason in bad_lines:
        where = f"{app.queue.journal.path}:{number}"
        yield Health("queue", "broken", f"{where}: {reason}", "the line was passed over; the rest works")
    if app.queue.index.in_memory:
        detail = f"{app.momentary} cannot be written: every command reads the journal anew"
        yield Health("index", "missing", detail, "make the folder writable")
