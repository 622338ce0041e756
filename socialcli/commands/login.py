"""``login``: the tokens of an account, tried and kept."""

from __future__ import annotations

import click

from socialcli import credentials, prompts, render
from socialcli.app import App
from socialcli.console import Answer, interactive, read_stdin
from socialcli.credentials import given, kept
from socialcli.errors import CredentialsError, UsageError
from socialcli.model.answers import Health
from socialcli.model.tokens import Tokens
from socialcli.options import dry_run_option, verb
from socialcli.policy.schema import Account

_QUESTIONS = (
    ("consumer_key", "API key (consumer key; only Enter: a bearer token will do, for reading)"),
    ("consumer_secret", "API key secret"),
    ("access_token", "Access token"),
    ("access_token_secret", "Access token secret"),
    ("bearer_token", "Bearer token (only Enter: none)"),
)


@verb("Keep the tokens of an account, and try them.")
@click.argument("account", required=False)
@click.option(
    "--from",
    "source",
    metavar="FILE|-",
    help="Read the tokens from there, KEY=VALUE lines or JSON, instead of asking for them.",
)
@click.option(
    "--store",
    type=click.Choice(["keyring", "file"]),
    help="Where to keep them [default: the keyring, else a file that only you may read].",
)
@click.option(
    "--mail", is_flag=True, help="The password of the mail server ([mail]) instead; FILE holds it alone."
)
@click.option("--forget", is_flag=True, help="Remove what is kept for the account.")
@dry_run_option
def command(
    app: App,
    account: str | None,
    source: str | None,
    store: kept.Store | None,
    mail: bool,
    forget: bool,
    dry_run: bool,
) -> Answer:
    """Try the tokens of ACCOUNT (the first on X, if there is no name), and keep them if they are those of its
    handle. The keys: CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET, BEARER_TOKEN.
    """
    if forget and (source or store):
        raise UsageError("--forget takes neither --from nor --store")
    if mail:
        if account is not None:
            raise UsageError("--mail is about the mail server, not about an account")
        return _mail(app, source, store, forget=forget, dry_run=dry_run)
    return run(app, account, source, store, forget=forget, dry_run=dry_run)


def run(
    app: App,
    name: str | None,
    source: str | None = None,
    store: kept.Store | None = None,
    *,
    forget: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Raises CredentialsError where the tokens are not those of the account, UsageError, TemporaryError."""
    account = _account(app, name)
    if forget:
        places = kept.forget(account, dry_run=dry_run)
        did = "would remove" if dry_run else "removed"
        detail = f"{did} from {' and '.join(places)}" if places else "nothing was kept"
        return _answer(account, detail, f"socialcli login {account.name}")
    tokens = _given(account, source)
    who = _try(app, account, tokens)
    if dry_run:
        return _answer(account, f"{who}; not kept (dry run)", f"socialcli login {account.name}")
    where = kept.keep(account, tokens, store)
    _say_what_goes_before(app, account, tokens)
    return _answer(account, f"{who}; kept in {where}", "socialcli doctor")


def _mail(app: App, source: str | None, store: kept.Store | None, *, forget: bool, dry_run: bool) -> Answer:
    """Raises UsageError where [mail] logs in nowhere, CredentialsError for a wrong password, TemporaryError."""
    from socialcli.credentials import mail
    from socialcli.handing import smtp

    server = app.policy.mail
    if not server.user:
        raise UsageError(
            "mail.user is not set: no mail server asks for a password", hint="set [mail] in policies.toml"
        )
    what = f"mail server {server.host} ({server.user})"
    if forget:
        places = kept.forget_secret(mail.entry(server), dry_run=dry_run)
        did = "would remove" if dry_run else "removed"
        detail = f"{did} from {' and '.join(places)}" if places else "nothing was kept"
        return Answer([Health(what, "ok", detail, "socialcli login --mail")], render.health)
    password = _password(source)
    smtp.try_login(server, password)
    detail = "lets us in; not kept (dry run)"
    if not dry_run:
        detail = f"lets us in; kept in {kept.keep_secret(mail.entry(server), 'password', password, store)}"
    return Answer([Health(what, "ok", detail)], render.health)


def _password(source: str | None) -> str:
    if source is None and not interactive():
        raise UsageError("there is no terminal to ask on", hint="--from FILE, or --from - and a pipe")
    if source is None:
        found = prompts.secret("Password of the mail server:")
    else:
        found = (read_stdin() if source == "-" else _content(source)).rstrip("\r\n")
    if not found:
        raise UsageError("the password is empty")
    return found


def _account(app: App, name: str | None) -> Account:
    if name is None:
        name = next((one.name for one in app.policy.accounts if one.network == "x"), None)
    if name is None:
        raise UsageError("no account on x in policies.toml", hint='add one: [[accounts]] network = "x"')
    account = app.account(name)
    if account.network != "x":
        raise UsageError(f'account "{name}" is on the network {account.network}, which takes no login')
    return account


def _given(account: Account, source: str | None) -> Tokens:
    """What the person types, or what stands in a file; never what stands on the command line."""
    if source is not None:
        text, place = (read_stdin(), "standard input") if source == "-" else (_content(source), source)
        tokens = given.parse(text, place)
    elif interactive():
        place = "what was typed"
        tokens = _asked()
    else:
        raise UsageError("there is no terminal to ask on", hint="--from FILE, or --from - and a pipe")
    missing = [key.upper() for key in given.OAUTH if not getattr(tokens, key)]
    if 0 < len(missing) < len(given.OAUTH) or not (tokens.acts_for_user or tokens.bearer_token):
        message = f'account "{account.name}": {place} lacks {", ".join(missing)}'
        raise CredentialsError(
            message, hint="all four belong together; BEARER_TOKEN alone will do for reading"
        )
    return tokens


def _content(source: str) -> str:
    from pathlib import Path

    from socialcli.workspace import read_bytes

    content = read_bytes(Path(source))
    if content is None:
        raise UsageError(f"{source}: no such file")
    return content.decode("utf-8-sig", "replace")


def _asked() -> Tokens:
    answers: dict[str, str] = {}
    for key, question in _QUESTIONS:
        if key in given.OAUTH[1:] and not answers["consumer_key"]:
            continue
        answers[key] = given.checked(prompts.secret(f"{question}:"), question)
    return Tokens(**answers)


def _try(app: App, account: Account, tokens: Tokens) -> str:
    """Whom the network takes us for. Raises CredentialsError where that is somebody else, or nobody."""
    from socialcli.channels.x.channel import XChannel

    channel = XChannel(account, tokens, app.policy, {}, app.console.note, app.momentary)
    try:
        return channel.check_login()
    except CredentialsError as error:
        hint = f"copy all of them from one app in X's developer console, made as @{account.handle}"
        raise CredentialsError(f"{error.message}; nothing was kept", hint=hint) from None


def _say_what_goes_before(app: App, account: Account, tokens: Tokens) -> None:
    try:
        found = credentials.find(account)
    except CredentialsError as error:
        app.console.note(f"note: {error.message}")
        return
    if found.tokens != tokens:
        app.console.note(f"note: {found.source} goes before what was just kept, and holds other tokens")


def _answer(account: Account, detail: str, following: str) -> Answer:
    what = f"account {account.name} (@{account.handle} on {account.network})"
    return Answer([Health(what, "ok", detail, following)], render.health)
