"""One pointer to the statement for a customer who has the same problem: an ordinary answer, and never a second."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from socialcli import posting, render
from socialcli.announcing.course import course_of, sent_statements
from socialcli.app import App
from socialcli.console import Answer
from socialcli.drafting import Situation, Words, fingerprint
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
        return _content(self.course)


def _content(course: str) -> str:
    return fingerprint("pointer", course)


def point(
    app: App, tickets: Sequence[str], accounts: Sequence[str], who: Agent, wish: posting.Wish
) -> Answer:
    """Answer each ticket with a pointer to the newest statement, of ``accounts`` if any are named.

    Raises RefusedError where there is none; what fails for one of several is listed at the end.
    """
    sent = sent_statements(app.queue)
    newest = _newest(app, sent, accounts)
    drafts: list[Draft] = []
    errors: list[tuple[str, SocialError]] = []
    for ticket in dict.fromkeys(tickets):
        try:
            outcome = _point(app, ticket, newest, sent, who, wish)
        except SocialError as error:
            errors.append((ticket, error))
            continue
        drafts.append(outcome.draft)
        errors += [(ticket, outcome.error)] if outcome.error is not None else []
    return Answer(drafts, render.drafts, lambda: _against(errors, len(set(tickets))))


def _newest(app: App, sent: list[Statement], accounts: Sequence[str]) -> Statement:
    named = [app.account(name).name for name in accounts]
    newest = next((one for one in sent if not named or one.account in named), None)
    if newest is None:
        whose = f" by {' or '.join(named)}" if named else ""
        raise RefusedError(
            f"no statement{whose} has gone out yet: there is nothing to point to", hint="post it first"
        )
    return newest


def _point(
    app: App, ticket: str, newest: Statement, sent: list[Statement], who: Agent, wish: posting.Wish
) -> Outcome:
    place = posting.look(app, ticket, who)
    words = Pointer(
        templates=(app.template(_TEMPLATE),),
        sign_off=app.template("sign-off"),
        values={"where": _where(app, newest)},
        course=_course(app, place, _courses(newest, sent)),
    )
    allowed = {_HOSTS: "our own statement"} if _HOSTS in app.policy.reply.may_allow else {}
    return posting.send(app, place, words, who, structs.replace(wish, allowed=allowed))


def _courses(newest: Statement, sent: list[Statement]) -> list[str]:
    """What a customer can have been pointed to by now: the newest word, which comes first, and all that runs."""
    running = (one.account for one in sent if course_of(one.account, sent).running)
    accounts = dict.fromkeys((newest.account, *running))
    return [f"{account}\0{course_of(account, sent).key_of_latest}" for account in accounts]


def _course(app: App, place: Situation, courses: list[str]) -> str:
    """What this message is pointed to: the first of ``courses``, or that of an earlier run of the same call.

    Raises RefusedError where the customer was pointed there with another message, in whatever ticket.
    """
    contents = {_content(course): course for course in courses}
    given = [
        stored
        for row in app.queue.tickets_of(place.row.network, place.row.called)
        for stored in app.queue.drafts(row.n)
        if stored.row.content in contents and stored.row.state not in _CAME_TO_NOTHING
    ]
    for stored in given:
        if (stored.draft.ticket, stored.draft.target) == (place.row.id, place.target.id):
            return contents[stored.row.content]
    if given:
        raise RefusedError(
            f"@{place.row.called} was pointed to this already: draft {given[0].draft.id}",
            hint=f"answer in your own words: socialcli reply {place.row.id} --text ...",
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
