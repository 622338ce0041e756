"""A draft by a program of the team's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from socialcli import customers, masking
from socialcli.app import App
from socialcli.compose.checks.signature import sign_off
from socialcli.drafting import Situation, Words, fingerprint
from socialcli.errors import UsageError
from socialcli.model.message import Message
from socialcli.model.outside import DraftRequest
from socialcli.outside.programs import run
from socialcli.policy.schema import Agent
from socialcli.text.length import measure

if TYPE_CHECKING:
    from socialcli.model.assessment import Assessment

_VERSION = 1  # of the record: it goes up where a field changes its meaning
_ANEW = ("refused", "failed")  # states of an earlier draft that are no reason not to ask again


class Written(Words, frozen=True):
    """The words of a program. What was asked for is a draft by it, whatever it says: asked twice for one message
    it is the same draft.
    """

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - whoever asks
        return fingerprint("program")


def draft(app: App, place: Situation, who: Agent) -> str:
    """What ``reply.draft_command`` would answer. Raises UsageError where there is none, or it cannot be started,
    TemporaryError where it takes too long, ProgramError where it fails.
    """
    command = app.policy.reply.draft_command
    if not command:
        raise UsageError("no program drafts here", hint="reply.draft_command in policies.toml names one")
    record = msgspec.json.encode(request(app, place, who))
    return run(
        "reply.draft_command",
        command,
        record,
        folder=app.workspace,
        timeout=app.policy.reply.command_timeout,
    )


def drafted(app: App, place: Situation, who: Agent, *, again: bool = False) -> Words:
    """The words of the program; those of an earlier run, if it was asked about this message before. ``again``: ask
    it anew. Raises as ``draft``.
    """
    wanted = Written(text="", by_program=True)
    known = None if again else kept_text(app, place, wanted.content(who))
    text = draft(app, place, who) if known is None else known
    return msgspec.structs.replace(wanted, text=text)


def kept_text(app: App, place: Situation, content: str) -> str | None:
    """What an earlier draft says that was asked for in the same way of the same message."""
    for stored in reversed(app.queue.drafts(place.row.n)):
        same = (stored.row.content, stored.row.target, stored.row.account)
        wanted = same == (content, place.target.id, place.account.name)
        if wanted and stored.draft.state not in _ANEW and stored.draft.text:
            return stored.draft.text
    return None


def request(app: App, place: Situation, who: Agent) -> DraftRequest:
    """All that the program is told."""
    policy = app.policy
    masked = policy.reply.draft_masked
    brand = {"name": policy.brand.name, "languages": policy.brand.languages, "help": policy.brand.help}
    return DraftRequest(
        v=_VERSION,
        ticket=place.row.id,
        target=place.target.id,
        brand=brand,
        agent={"name": who.name, "sign_off": sign_off(policy.reply.sign_off, who)},
        account=place.account.name,
        network=place.counts_as,
        visibility=place.visibility,
        limit=measure("", place.counts_as, place.visibility).limit,
        language=place.language,
        thread=tuple(_shown(app, one, masked=masked) for one in _upto(place)),
        why=_why(place.assessment, masked=masked),
        card=customers.card(app, place.row, app.queue.record(place.row)),
        masked=masked,
    )


def _upto(place: Situation) -> tuple[Message, ...]:
    """The thread up to what is answered, without what was erased."""
    end = next(number for number, one in enumerate(place.thread, 1) if one.id == place.target.id)
    return tuple(one for one in place.thread[:end] if not one.erased and not one.deleted)


def _shown(app: App, message: Message, *, masked: bool) -> Message:
    if not masked:
        return message
    return msgspec.structs.replace(message, text=masking.masker(app)(message.text))


def _why(assessment: Assessment, *, masked: bool) -> Assessment:
    """Its words are the customer's: where these are masked, only the rules are told."""
    if not masked:
        return assessment
    reasons = tuple(msgspec.structs.replace(one, words="", start=0, end=0) for one in assessment.reasons)
    return msgspec.structs.replace(assessment, reasons=reasons, private_data=())
