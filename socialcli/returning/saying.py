"""What is said after a matter was settled: the thanks where the customer began, and "How is everything?". Each is
said once, by whoever of us.
"""

from __future__ import annotations

from socialcli import posting
from socialcli.app import App
from socialcli.drafting import FollowUp, fingerprint
from socialcli.errors import NotFoundError
from socialcli.model.followup import What
from socialcli.model.message import Message
from socialcli.outbox.sending import Outcome
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow

_TEMPLATES: dict[What, str] = {"thank-you": "return-thanks", "how-is-it": "how-is-it"}
_CONTENTS = {
    "thank-you": fingerprint("thanks", "return-thanks"),
    "how-is-it": fingerprint("follow-up", "how-is-it"),
}
THANKS_CONTENT = _CONTENTS["thank-you"]
_THANKED = ("fixed", "answered")  # outcomes
_SETTLED = (
    "sent",
    "by-hand",
    "awaiting-approval",
    "approved",
    "scheduled",
    "rejected",
    "recalled",
)  # nothing is left to do here


class Said(FollowUp, frozen=True):
    """The words of a follow-up: whoever of us says them, they are the same, and said once."""

    what: What = "thank-you"

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - whoever says it
        return _CONTENTS[self.what]


def thanks_are_due(app: App, row: TicketRow, outcome: str) -> bool:
    """Whether to thank in public (K14): begun there, helped in private, well ended."""
    if not app.policy.resolve.thank_in_public or outcome not in _THANKED:
        return False
    thread = app.queue.thread(row)
    inbound = [message for message in thread if message.direction == "inbound"]
    if not inbound or inbound[0].visibility != "public":
        return False
    return any(message.visibility == "direct" for message in thread) or any(
        event.event == "moved" for event in app.queue.history(row)
    )


def said_before(app: App, row: TicketRow, what: What) -> StoredDraft | None:
    """Where somebody said this, or is about to. What was interrupted is finished by whoever comes."""
    said = app.queue.drafts(row.n, states=_SETTLED)
    return next((one for one in said if one.row.content == _CONTENTS[what]), None)


def say(app: App, row: TicketRow, what: What, who: Agent, wish: posting.Wish) -> Outcome:
    """Post it: the thanks under the customer's last public message, the question where they wrote last. Raises what
    ``posting.send`` does.
    """
    if what == "thank-you":
        place = posting.look(app, row.id, who, visibility="public", target=_last_public(app, row))
    else:
        place = posting.look(app, row.id, who)
    template = app.template_in(_TEMPLATES[what], place.language)
    words = Said(templates=(template,), sign_off=app.template("sign-off"), what=what)
    outcome = posting.send(app, place, words, who, wish)
    if outcome.draft.state in ("sent", "by-hand") and not wish.dry_run:
        settle(app, row, what, who, "sent", draft=outcome.draft.id)
    return outcome


def settle(
    app: App, row: TicketRow, what: What, who: Agent, how: str, *, draft: str | None = None, reason: str = ""
) -> None:
    """Keep that this follow-up is over, and how: "sent", "by-hand", "dismissed". Once; the same again changes
    nothing.
    """
    with app.queue.writing() as writing:
        row = app.queue.ticket(row.id)
        if not app.queue.is_followed(row, what):
            data = {"what": what, "how": how, "draft": draft, "reason": reason}
            told = {name: value for name, value in data.items() if value}
            writing.add("followed", row.id, who.id, told, key=what)


def _last_public(app: App, row: TicketRow) -> Message:
    thread = app.queue.thread(row)
    theirs = [one for one in thread if one.direction == "inbound" and one.visibility == "public"]
    if not theirs:
        raise NotFoundError("message", "in public", hint="the customer wrote to us in private only")
    return theirs[-1]
