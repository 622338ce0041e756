"""One pointer to the statement for a customer who has the same problem: an ordinary answer, and never a second."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from msgspec import structs

from socialcli import posting, render
from socialcli.announcing.course import course_of, sent_statements
from socialcli.app import App
from socialcli.console import Answer
from socialcli.drafting import Situation, Words, compose, fingerprint
from socialcli.errors import PartlyError, RefusedError, SocialError
from socialcli.model.draft import Draft
from socialcli.model.statement import Statement
from socialcli.outbox.sending import Outcome
from socialcli.policy.schema import Agent

_TEMPLATE = "statement-pointer"
_HOSTS = "links/host"  # a statement stands on the network's own host
_CAME_TO_NOTHING = ("refused", "rejected", "recalled", "failed")


class Pointer(Words, frozen=True):
    """The words of a pointer. ``course`` names what it points to, however often that account goes on."""

    course: str = ""

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - whoever points: it is the same pointer
        return content_of(self.course)


def content_of(course: str) -> str:
    """What every pointer to a course of statements is known by."""
    return fingerprint("pointer", course)


def point(
    app: App, tickets: Sequence[str], accounts: Sequence[str], who: Agent, wish: posting.Wish
) -> Answer:
    """Answer each ticket with a pointer to the newest statement, of ``accounts`` if any are named.

    Raises RefusedError where there is none; what fails for one of several is listed at the end.
    """
    sent = sent_statements(app.queue)
    newest = _newest(app, sent, accounts)
    tickets = list(dict.fromkeys(tickets))
    _tell_sum(app, tickets, newest, sent, who)
    drafts: list[Draft] = []
    errors: list[tuple[str, SocialError]] = []
    for ticket in tickets:
        try:
            outcome = _point(app, ticket, newest, sent, who, wish)
        except SocialError as error:
            errors.append((ticket, error))
            continue
        drafts.append(outcome.draft)
        errors += [(ticket, outcome.error)] if outcome.error is not None else []
    return Answer(drafts, render.drafts, lambda: _against(errors, len(tickets)))


def _tell_sum(app: App, tickets: list[str], newest: Statement, sent: list[Statement], who: Agent) -> None:
    """Of several that cost something: what they come to, before the first is posted."""
    costs: list[Decimal] = []
    currency = ""
    for ticket in tickets if len(tickets) > 1 else ():
        with suppress(SocialError):  # told when its turn comes
            place, words = pointer(app, ticket, newest, sent, who)
            if not _is_pointed(app, place, words.course):
                costs.append(Decimal(compose(place, words, who, app.policy).cost))
                currency = place.way.currency
    if sum(costs):
        app.console.note(f"{len(costs)} pointers: they cost {sum(costs)} {currency} together")


def _is_pointed(app: App, place: Situation, course: str) -> bool:
    """Whether an earlier run of the same call did it."""
    drafts = app.queue.drafts(place.row.n, states=("sent",))
    return any(one.row.content == content_of(course) for one in drafts)


def _newest(app: App, sent: list[Statement], accounts: Sequence[str]) -> Statement:
    """The newest word on what runs; where nothing runs, the newest of all."""
    named = [app.account(name).name for name in accounts]
    said = [one for one in sent if not named or one.account in named]
    newest = next((one for one in said if course_of(one.account, sent).running), next(iter(said), None))
    if newest is None:
        whose = f" by {' or '.join(named)}" if named else ""
        raise RefusedError(
            f"no statement{whose} has gone out yet: there is nothing to point to", hint="post it first"
        )
    return newest


def _point(
    app: App, ticket: str, newest: Statement, sent: list[Statement], who: Agent, wish: posting.Wish
) -> Outcome:
    place, words = pointer(app, ticket, newest, sent, who)
    return posting.send(app, place, words, who, structs.replace(wish, allowed=allowed(app)))


def allowed(app: App) -> dict[str, str]:
    """What a pointer may do that an answer may not: name the address of the statement."""
    return {_HOSTS: "our own statement"} if _HOSTS in app.policy.reply.may_allow else {}


def pointer(
    app: App, ticket: str, newest: Statement, sent: list[Statement], who: Agent
) -> tuple[Situation, Pointer]:
    """The ticket, and the words of its pointer to ``newest``. Raises RefusedError where the customer has one."""
    place = posting.look(app, ticket, who)
    words = Pointer(
        templates=(app.template_in(_TEMPLATE, place.language),),
        sign_off=app.template("sign-off"),
        values={"where": _where(app, newest)},
        course=_course(app, place, newest, _courses(newest, sent)),
        points=newest.draft,
    )
    return place, words


def _courses(newest: Statement, sent: list[Statement]) -> list[str]:
    """What a customer can have been pointed to by now: the newest word, which comes first, all that runs, and what
    was said of the same incident before it came back.
    """
    running = (one.account for one in sent if _is_of(newest, course_of(one.account, sent).running))
    accounts = dict.fromkeys((newest.account, *running))
    now = (f"{account}\0{course_of(account, sent).key_of_latest}" for account in accounts)
    return list(dict.fromkeys((*now, *courses_about(newest.incident, sent))))


def courses_about(incident: str | None, sent: Sequence[Statement]) -> list[str]:
    """All that was said of an incident, however often it came back, by each account."""
    return [
        f"{one.account}\0{course_of(one.account, list(sent[place:])).key_of_latest}"
        for place, one in enumerate(sent)
        if incident is not None and one.incident == incident
    ]


def _is_of(newest: Statement, running: Statement | None) -> bool:
    """Whether what another account says is of the same problem, as far as that was said."""
    return running is not None and (
        None in (newest.incident, running.incident) or newest.incident == running.incident
    )


def _course(app: App, place: Situation, newest: Statement, courses: list[str]) -> str:
    """What this message is pointed to: the first of ``courses``, or that of an earlier run of the same call.

    Raises RefusedError where the customer was pointed there with another message, in whatever ticket, and where
    the newest word is that it is solved.
    """
    contents = {content_of(course): course for course in courses}
    given = [
        stored
        for row in app.queue.tickets_of(place.row.network, place.row.called, place.row.author)
        for stored in app.queue.drafts(row.n)
        if stored.row.content in contents and stored.row.state not in _CAME_TO_NOTHING
    ]
    for stored in given:
        if (stored.draft.ticket, stored.draft.target) == (place.row.id, place.target.id):
            return contents[stored.row.content]
    pointed = [
        stored for stored in given if not stored.row.conflict
    ]  # one in conflict goes nowhere by itself
    if pointed:
        raise RefusedError(
            f"@{place.row.called} was pointed to this already: draft {pointed[0].draft.id}",
            hint=f"answer in your own words: socialcli reply {place.row.id} --text ...",
        )
    if newest.stage == "resolved":
        raise RefusedError(
            f"the newest statement says that it is solved: {newest.draft} by {newest.account}",
            hint=f"tell the customer so in your own words: socialcli reply {place.row.id} --text ...",
        )
    return courses[0]


def _where(app: App, statement: Statement) -> str:
    """The statement's address; where it has none, or the policy lets none stand, the account it stands on."""
    if statement.url and _HOSTS in app.policy.reply.may_allow:
        return statement.url
    return f"@{app.account(statement.account).handle}"


def _against(errors: Sequence[tuple[str, SocialError]], count: int) -> SocialError | None:
    if not errors:
        return None
    if count == 1:
        return errors[0][1]
    lines = "\n".join(f"  {ticket}: {error.message}" for ticket, error in errors)
    return PartlyError(f"{len(errors)} of {count} were not pointed to it:\n{lines}", hint=errors[0][1].hint)
