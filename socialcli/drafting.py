"""From a ticket and words to a checked draft. Reads the queue, writes nothing.

The id of a draft is a hash of the target, the account, the road, and what was asked for (templates and their
values, or the text): the same reply to the same message is the same draft, however often it is asked for.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec import Struct

from socialcli.channels.base import Channel, Way
from socialcli.compose.linter import CheckRequest, check
from socialcli.errors import ConflictError, NotFoundError, UsageError
from socialcli.model.assessment import Assessment
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.model.message import Message, Visibility
from socialcli.policy.schema import Account, Agent, Policy
from socialcli.queue.facts import ON_ITS_WAY
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue
from socialcli.text.private import find_private

if TYPE_CHECKING:
    from socialcli.compose.templates import Template
    from socialcli.triage import Assessor


_OTHERS = 5  # other tickets of the customer in which is looked for how to reach them, the newest
_CONTACTS = frozenset(("email", "phone", "address"))


class Situation(Struct, frozen=True):
    """The ticket as an answer meets it. ``thread`` is oldest first; the target is the latest inbound."""

    row: TicketRow
    thread: tuple[Message, ...]
    talk: tuple[Message, ...]  # the thread without acknowledgements that we are closed
    target: Message
    account: Account
    way: Way
    counts_as: str  # the network whose text limits hold
    assessment: Assessment
    recent: tuple[str, ...]  # what we sent lately, to anybody
    visibility: Visibility  # of the answer
    cost_of: Callable[[str], str]  # of a text sent this way, in way.currency
    upto: int  # offset in the journal up to which this is the picture
    read: str | None = None  # version of the newest message in it that waits for an answer
    card: dict[str, str] = {}  # what the customer's other tickets hold of how to reach them

    @property
    def language(self) -> str | None:
        """What the customer writes; what somebody set by hand comes first."""
        return self.row.language or self.assessment.language

    @property
    def priority(self) -> str:
        """Of the ticket; what somebody set by hand comes first."""
        return self.row.priority or self.assessment.priority


class Words(Struct, frozen=True):
    """What was asked for: a text as it stands, or templates and values."""

    text: str | None = None
    templates: tuple[Template, ...] = ()
    sign_off: Template | None = None
    values: dict[str, str] = {}
    corrects: str | None = None  # the draft, sent before, that they put right
    holds: str | None = None  # the draft that waits for a yes while they hold the customer
    by_program: bool = False  # an outside program wrote them
    translated: str | None = None  # the language into which an outside program put them
    points: str | None = None  # they only point to this statement: the draft of that

    @property
    def once(self) -> bool:
        """Whether it is never said twice to one message, not on purpose either."""
        return False

    @property
    def acknowledges(self) -> bool:
        """Whether they only say that we are closed."""
        return False

    @property
    def follows_up(self) -> bool:
        """Whether they come after the answer on purpose: thanks, "How is everything?", that it is over."""
        return False

    @property
    def is_statement(self) -> bool:
        return any(template.class_ == "statement" for template in self.templates)

    def content(self, agent: Agent) -> str:
        """A hash of what was asked for. A template's text depends on its agent, a given text does not. A message is
        held once, whoever does it in whatever words.
        """
        if self.holds is not None:
            return fingerprint("holding")
        if self.corrects is not None:
            return fingerprint("correction", self.corrects, self._said(agent))
        return self._said(agent)

    def _said(self, agent: Agent) -> str:
        if self.text is not None:
            return fingerprint("text", self.text)
        names = [template.called or template.name for template in self.templates]
        values = [f"{key}={value}" for key, value in sorted(self.values.items())]
        return fingerprint("templates", agent.id, *names, "", *values)


class FollowUp(Words, frozen=True):
    """Words that come after the answer on purpose, and once."""

    @property
    def once(self) -> bool:
        return True

    @property
    def follows_up(self) -> bool:
        return True


def situation(
    queue: Queue,
    policy: Policy,
    assessor: Assessor,
    row: TicketRow,
    account: Account,
    channel: Channel,
    *,
    visibility: Visibility | None = None,
    target: Message | None = None,
) -> Situation:
    """The ticket, its thread read by triage, and the road an answer can go. ``target`` is the latest inbound
    message unless given; ``visibility`` that of the target.
    """
    upto = queue.journal.end()
    thread = tuple(queue.thread(row))
    wanted = row.text_id if target is None else target.id
    target = next((message for message in thread if message.id == wanted), None)
    if target is None:
        raise NotFoundError("message", wanted)
    if target.erased:
        raise ConflictError(
            f"message {target.id} was erased: there is nothing to answer",
            hint="what its author writes next is a new ticket",
        )
    notes = queue.acknowledgements(row.n)
    talk = tuple(one for one in thread if one.id not in notes)
    sent = queue.drafts(states=("sent",), newest=policy.reply.recent)
    way = channel.reach(target, visibility)
    return Situation(
        row=row,
        thread=thread,
        talk=talk,
        target=target,
        account=account,
        way=way,
        counts_as=channel.counts_as,
        assessment=assessor.assess(target, talk[: talk.index(target)]),
        upto=upto,
        read=_newest_read(queue, row, thread),
        recent=tuple(stored.draft.text for stored in sent if stored.row.ticket != row.n),
        visibility=visibility or target.visibility,
        cost_of=lambda text: channel.cost(text, way),
        card=_known_of(queue, policy, row),
    )


def _known_of(queue: Queue, policy: Policy, row: TicketRow) -> dict[str, str]:
    """E-mail, phone, address as the customer wrote them in their other tickets, the newest of each, and how they
    want to be reached. The thread at hand is read by the check itself.
    """
    card: dict[str, str] = {}
    theirs = queue.tickets_of(row.network, row.called, row.author)
    for other in [one for one in theirs if one.n != row.n][:_OTHERS]:
        for message in reversed(queue.thread(other)):
            if message.direction == "inbound":
                for kind, written in _contacts_in(message.text, policy):
                    card.setdefault(kind, written)
    prefers = queue.preference(row)
    return card | ({"prefers": prefers} if prefers else {})


def _contacts_in(text: str, policy: Policy) -> Iterator[tuple[str, str]]:
    brand = policy.brand
    for span in find_private(text, region=brand.region, contacts=brand.contacts):
        if span.kind in _CONTACTS:
            yield span.kind, text[span.start : span.end]


def _newest_read(queue: Queue, row: TicketRow, thread: Sequence[Message]) -> str | None:
    """The version of the message that was read in last of those that wait for an answer."""
    waiting = queue.unanswered(row)
    newest = max(waiting, key=lambda name: waiting[name], default=None)
    return next((one.version for one in thread if one.id == newest), None)


def check_text(
    text: str,
    place: Situation,
    agent: Agent,
    policy: Policy,
    *,
    acknowledges: bool = False,
    follows_up: bool = False,
) -> Check:
    """The check of a text as the answer to this ticket, as the acknowledgement that we are closed, or as what is
    said after the answer.
    """
    return check(
        CheckRequest(
            text=text,
            network=place.counts_as,
            label=place.account.network,
            visibility=place.visibility,
            account=place.account.name,
            agent=agent.id,
            customer=place.target.author.handle,
            recent=place.recent,
            card=place.card,
            thread=place.talk,
            assessment=place.assessment,
            acknowledges=acknowledges,
            follows_up=follows_up,
        ),
        policy,
    )


def compose(place: Situation, words: Words, agent: Agent, policy: Policy, *, nth: int = 0) -> Draft:
    """A draft in state "composed". ``nth`` counts the times it was said on purpose (--again).

    Raises UsageError (missing values), InvalidError (a template that fails).
    """
    content = words.content(agent)
    key = (
        place.target.network,
        place.target.id,
        place.account.name,
        place.way.road,
        content,
        *([str(nth)] if nth else []),
    )
    draft_id = fingerprint(*key)[:12]
    text = words.text if words.text is not None else rendered(place, words, agent, policy, draft_id)
    return Draft(
        id=draft_id,
        ticket=place.row.id,
        target=place.target.id,
        text=text,
        account=place.account.name,
        agent=agent.id,
        road=place.way.road,
        state="composed",
        check=check_text(
            text, place, agent, policy, acknowledges=words.acknowledges, follows_up=words.follows_up
        ),
        cost=place.cost_of(text),
        corrects=words.corrects,
        holds=words.holds,
        by_program=words.by_program,
        translated=words.translated,
        points=words.points,
        acknowledges=words.acknowledges,
    )


def earlier(queue: Queue, place: Situation, content: str) -> StoredDraft | None:
    """A draft of this ticket with the same words that is on its way: its target is frozen."""
    for stored in queue.drafts(place.row.n, states=ON_ITS_WAY):
        if stored.row.content == content and stored.row.account == place.account.name:
            return stored
    return None


def times_sent(queue: Queue, place: Situation, content: str) -> int:
    """How often these words were sent to this very message."""
    return sum(
        stored.row.content == content and stored.row.target == place.target.id
        for stored in queue.drafts(place.row.n, states=("sent",))
    )


def parse_values(pairs: Sequence[str]) -> dict[str, str]:
    """``--set key=value`` -> values. Raises UsageError."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.isidentifier():
            raise UsageError(f'--set: "{pair}" is not name=value')
        values[key] = value
    return values


def rendered(place: Situation, words: Words, agent: Agent, policy: Policy, seed: str) -> str:
    """The text of the templates; ``seed`` picks the wording."""
    from socialcli.compose.context import TicketFacts, context_for
    from socialcli.compose.templates import render

    context = context_for(
        policy,
        agent=agent,
        account=place.account,
        handle=place.target.author.handle,
        name=place.target.author.name,
        ticket=TicketFacts(place.row.id, place.assessment.topic or "", place.assessment.kind),
    )
    return render(words.templates, words.sign_off, context, words.values, seed=seed)


def fingerprint(*parts: str) -> str:
    """A hash of what was asked for, in base-32 characters."""
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return b32encode(digest).decode().lower().rstrip("=")
