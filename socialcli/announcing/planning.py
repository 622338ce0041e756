"""From the options of ``statement`` to what each account is to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from socialcli.announcing.course import Course, course_of, sent_statements
from socialcli.announcing.to_all import known_draft, way_to_all
from socialcli.app import App
from socialcli.channels.base import Way
from socialcli.console import interactive
from socialcli.drafting import Words, fingerprint
from socialcli.errors import RefusedError, UsageError
from socialcli.model.statement import Said, Stage
from socialcli.policy.schema import Account
from socialcli.queue.records import StoredDraft
from socialcli.text.promises import promised_in
from socialcli.text.said_times import said_time

if TYPE_CHECKING:
    from socialcli.compose.templates import Template

_OVER = ("sent", "rejected", "recalled")  # what --again says once more
_DUE = "next_update"  # the variable that the program fills


class Wanted(Struct, frozen=True):
    """What was asked for. ``next_update`` is seconds, None = what the policy says."""

    accounts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    values: dict[str, str] = {}
    stage: Stage | None = None
    next_update: int | None = None
    incident: str | None = None
    again: bool = False


class Piece(Struct, frozen=True):
    """What one account is to say. ``known`` is the draft of an earlier run of the same call."""

    account: Account
    way: Way
    words: Words
    said: Said
    id: str
    content: str
    known: StoredDraft | None
    nth: int = 0  # how often it was said before, on purpose


def pieces(app: App, wanted: Wanted) -> list[Piece]:
    """One for each account. Raises UsageError, NotFoundError, CredentialsError, RefusedError."""
    accounts = _accounts(app, wanted.accounts)
    _require_own_texts(accounts, wanted.texts)
    sent = sent_statements(app.queue)
    courses = [course_of(account.name, sent) for account in accounts]
    stage = wanted.stage or _current(courses)
    words = _words(app, wanted, stage, len(accounts))
    made = [
        _piece(app, account, course, each, stage, wanted)
        for account, course, each in zip(accounts, courses, words, strict=True)
    ]
    said = [piece.known for piece in made if piece.known is not None and piece.known.draft.state != "refused"]
    begun = said or any(course.running for course in courses)
    if stage in ("monitoring", "resolved") and not begun:
        names = " or ".join(account.name for account in accounts)
        raise RefusedError(
            f'"{stage}" carries on a statement, and none by {names} is running',
            hint="tell first what the matter is: --state investigating or identified",
        )
    return made


def _accounts(app: App, names: tuple[str, ...]) -> list[Account]:
    if len(set(names)) < len(names):
        raise UsageError("--account: the same account twice", hint="a statement goes out once through each")
    if names:
        return [app.account(name) for name in names]
    brand = [one for one in app.policy.accounts if one.role == "brand" and _speaks(app, one)]
    service = (one for one in app.policy.accounts if one.role == "service" and _speaks(app, one))
    return brand or [next(service, None) or app.account()]


def _speaks(app: App, account: Account) -> bool:
    """Whether it can say anything at all: a feed is only read."""
    return app.channel(account.name).reach_all().road != "no"


def _require_own_texts(accounts: list[Account], texts: tuple[str, ...]) -> None:
    names = ", ".join(account.name for account in accounts)
    if len(accounts) > 1 and len(texts) == 1:
        raise RefusedError(
            f"one text for {names}: identical texts across accounts look like a campaign of robots",
            hint="one --text for each --account, in their order, or a template, which varies its words",
        )
    if texts and len(texts) != len(accounts):
        raise UsageError(
            f"{len(texts)} texts for {len(accounts)} account(s): {names}",
            hint="one --text for each --account",
        )


def _current(courses: list[Course]) -> Stage:
    """The stage of the latest statement that runs."""
    running = [course.running for course in courses if course.running is not None]
    latest = max(running, key=lambda one: one.at, default=None)
    return "investigating" if latest is None else latest.stage


def _words(app: App, wanted: Wanted, stage: Stage, count: int) -> list[Words]:
    """What each account was asked to say, the time of the next update not yet filled in."""
    if wanted.texts:
        return [Words(text=text) for text in wanted.texts]
    templates = tuple(app.template_in(name) for name in wanted.templates or (f"statement-{stage}",))
    for template in templates:
        if template.class_ != "statement":
            known = [one for one in app.template_names() if one.startswith("statement-") and "." not in one]
            raise UsageError(
                f'template "{template.name}" answers one customer; a statement speaks to all',
                hint=f"such as {', '.join(known)}",
            )
    values = _asked_for(app, templates, wanted.values)
    return [Words(templates=templates, sign_off=app.template("sign-off"), values=values)] * count


def _asked_for(app: App, templates: tuple[Template, ...], values: dict[str, str]) -> dict[str, str]:
    """The values, what is missing asked for where a person can be asked."""
    from socialcli.compose.templates import variables_of

    if _DUE in values:
        raise UsageError(f"--set {_DUE}: it is filled in by the program", hint="--next-update 30m")
    missing = [
        one
        for template in templates
        for one in variables_of(template)
        if one.required and not (values.get(one.name) or one.default or one.from_ or one.name == _DUE)
    ]
    if not missing or app.console.json or not interactive():
        return values
    from socialcli.prompts import line

    return values | {one.name: line(f"{one.name} ({one.description}):") for one in missing}


def _piece(app: App, account: Account, course: Course, words: Words, stage: Stage, wanted: Wanted) -> Piece:
    way = way_to_all(app, account)
    said = Said(stage, _promised(app, stage, wanted.next_update), wanted.incident or course.incident)
    words = _with_promise(words, said.next_update)
    if _DUE in words.values:
        said = structs.replace(said, promised=_due(app, said))
    key = course.key
    if stage == "resolved" and course.running is None and course.sent:
        key = course.key_of_latest  # said already: the very call that ended it
    content, draft_id, known, nth = _draft_of(app, account, (stage, key, _asked(words)), again=wanted.again)
    return Piece(account, way, words, said, draft_id, content, known, nth)


def _promised(app: App, stage: Stage, given: int | None) -> int | None:
    """Seconds until the next update that is promised."""
    if stage != "resolved":
        return int(app.policy.incident.next_update) if given is None else given
    if given is not None:
        raise UsageError("--next-update: what is resolved promises no further update", hint="leave it out")
    return None


def _with_promise(words: Words, seconds: int | None) -> Words:
    """The words with ``next_update`` as a duration: it is part of what was asked for, the hour is not."""
    from socialcli.compose.templates import variables_of

    named = {variable.name for template in words.templates for variable in variables_of(template)}
    if _DUE not in named or seconds is None:
        return words
    return structs.replace(words, values={**words.values, _DUE: f"{seconds}s"})


def _asked(words: Words) -> str:
    """A hash of what was asked for. Whoever asks: it is the brand that speaks."""
    if words.text is not None:
        return fingerprint("text", words.text)
    values = [f"{key}={value}" for key, value in sorted(words.values.items())]
    return fingerprint(
        "templates", *(template.called or template.name for template in words.templates), "", *values
    )


def _draft_of(
    app: App, account: Account, asked: tuple[str, str, str], *, again: bool
) -> tuple[str, str, StoredDraft | None, int]:
    """Content, id, draft and number of this call; with ``again`` the next that is not over."""
    content = fingerprint("statement", *asked)
    nth = 0
    while True:
        draft_id = fingerprint(account.name, content, *([str(nth)] if nth else []))[:12]
        known = known_draft(app, draft_id)
        if known is None or not again or known.draft.state not in _OVER:
            return content, draft_id, known, nth
        nth += 1


def hour_of(app: App, said: Said, language: str = "en") -> str:
    """When the next update is promised, as the text says it: whole minutes, never too early."""
    return said_time(_due(app, said), app.now(), app.policy.brand.time_zone, language)


def _due(app: App, said: Said) -> datetime:
    due = app.now() + timedelta(seconds=(said.next_update or 0) + 59)
    return due.replace(second=0, microsecond=0)


def filled(app: App, piece: Piece) -> dict[str, str]:
    """The values of the templates, the promised hour among them."""
    values = piece.words.values
    if _DUE not in values:
        return values
    language = next((one for template in piece.words.templates for one in template.languages), "en")
    return {**values, _DUE: hour_of(app, piece.said, language)}


def timed(app: App, said: Said, text: str) -> Said:
    """The clock runs to the hour that ``text`` promises, where it names one."""
    now = app.now()
    promised = promised_in(text, now, app.policy.brand.time_zone) or said.promised
    if said.next_update is None or promised is None:
        return said
    seconds = max(0, int((promised - now).total_seconds()))
    return structs.replace(said, next_update=seconds, promised=promised)
