"""One acknowledgement: its words, and its way out. The same message has the same one, however often it is asked for."""

from __future__ import annotations

from msgspec import structs

from socialcli import posting
from socialcli.acknowledging.back import back
from socialcli.acknowledging.choosing import given, is_begun
from socialcli.app import App
from socialcli.drafting import Situation, Words, compose, fingerprint
from socialcli.errors import RefusedError
from socialcli.model.draft import Draft
from socialcli.outbox.sending import Outcome, Request
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow

_SIGN_OFF = "sign-off-automatic"


class Acknowledgement(Words, frozen=True):
    """Its words follow from the template, the hour and the message; which agent runs the command changes nothing."""

    @property
    def acknowledges(self) -> bool:
        return True

    @property
    def once(self) -> bool:
        return True

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - whoever runs it: it is the same acknowledgement
        return fingerprint("acknowledgement")


def acknowledge(app: App, row: TicketRow, who: Agent, *, really: bool) -> Outcome:
    """The draft and what became of it; with ``really`` off what would be sent, and nothing is written.

    Raises ConflictError where somebody else has the ticket, NotFoundError, InvalidError and UsageError for a template
    that is not there or not right, RefusedError where ``who`` may not post.
    """
    place = posting.look(app, row.id, who)
    words = _words(app, place)
    begun = given(app, place.row)
    if begun is not None and begun.row.state == "sent":
        return Outcome(begun.draft)
    if begun is not None and is_begun(begun):
        draft, upto, read = begun.draft, begun.row.upto, begun.row.read
    else:
        draft, upto, read = compose(place, words, who, app.policy), place.upto, place.read
    stop = posting.refusal(app, place.way, draft, posting.Wish()) or _by_itself(place)
    if not really:
        planned = draft if stop is None else structs.replace(draft, state="refused", reason=stop.message)
        return Outcome(planned, stop)
    request = Request(draft, words.content(who), who.id, upto, read=read)
    return app.outbox.send(request) if stop is None else Outcome(_refused(app, place, request, stop), stop)


def _refused(app: App, place: Situation, request: Request, stop: RefusedError) -> Draft:
    """The draft as it is kept; one that was refused in these words before is not written again."""
    for known in app.queue.drafts(place.row.n, states=("refused",)):
        if known.row.id == request.draft.id and known.draft.text == request.draft.text:
            return known.draft
    return app.outbox.keep(request, "refused", stop.message).draft


def _words(app: App, place: Situation) -> Acknowledgement:
    """In the customer's language; ``emergency`` is named only to whoever cannot wait."""
    template = app.template_in(app.policy.ack.template, place.language)
    language = next(iter(template.languages), app.policy.brand.languages[0])
    values = {
        "back": back(app.policy, app.now(), language),
        "emergency": app.policy.ack.emergency if place.priority == "urgent" else None,
    }
    known = {one.name for one in template.variables}
    return Acknowledgement(
        templates=(template,),
        sign_off=app.template_in(_SIGN_OFF, place.language),
        values={name: value for name, value in values.items() if value and name in known},
    )


def _by_itself(place: Situation) -> RefusedError | None:
    """A note that nobody is there is not worth somebody's hand."""
    if place.way.road in ("api", "direct"):
        return None
    return RefusedError(f"it cannot go out by itself: {place.way.reason}")
