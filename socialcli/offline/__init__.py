"""Should a conversation go on in private, why, and where? Judged from records and the policy; asks no network and
writes nothing.

What a customer may be moved to is offered, best first, in the order of ``offline.offer``: what cannot be used
(no address in the policy, a customer whom the network does not let us write to, or whom we block) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from socialcli.channels.base import Way
from socialcli.errors import RefusedError, UsageError
from socialcli.model.answers import Offline, OfflineReason, PrivateChannel
from socialcli.model.assessment import Kind
from socialcli.model.message import Message
from socialcli.offline.fields import Field, in_words, parse_fields
from socialcli.offline.reaching import CHANNELS, Wish, as_channel, closed, kept_at, newest_wish, preference
from socialcli.policy.schema import Policy
from socialcli.text.private import find_private

__all__ = [
    "CHANNELS", "LEADS", "Case", "Field", "Weighed", "Weighs", "Wish", "as_channel", "closed", "given_kinds", "in_words",
    "is_private", "judge", "kept_at", "newest_wish", "parse_fields", "preference", "public_turns",
    "reasons", "require_possible", "wish_of", "wrote_directly",
]  # fmt: skip

_NEAR = 40  # messages before one that say how it is meant
# The templates that lead somewhere, by where they lead.
LEADS: dict[str, PrivateChannel] = {
    "dm-request": "direct", "direct-ask": "direct", "livechat": "livechat", "offer-email": "email",
    "email-known": "email", "offer-phone": "phone", "phone-known": "phone",
}  # fmt: skip
_A = {
    "email": "an e-mail address", "phone": "a phone number", "card": "a card number", "iban": "an IBAN",
    "account": "an account number", "reference": "a reference", "password": "a password",
    "address": "a postal address", "birth-date": "a date of birth",
}  # fmt: skip


class Case(Struct, frozen=True):
    """What is judged. ``thread`` is that of the ticket, oldest first, ``target`` the latest inbound message of
    it; ``elsewhere``: what the customer wrote in other tickets.
    """

    ticket: str
    thread: tuple[Message, ...]
    target: Message
    elsewhere: tuple[Message, ...]
    direct: Way  # how a direct message to the customer could go
    kept: PrivateChannel | None = None  # the preference that was kept
    kept_at: str | None = None  # the id of the latest message when it was kept, if that was in this ticket
    asked: tuple[Field, ...] = ()
    closed: str = ""  # why no direct message can be had of them, nor an invitation to one help


class Weighed(Protocol):
    """What a message is."""

    @property
    def kind(self) -> Kind: ...


class Weighs(Protocol):
    """What says whether a customer thanks us."""

    def assess(self, message: Message, thread: tuple[Message, ...], /) -> Weighed: ...


# ------------------------------------------------------------------------------------------- the judgement


def judge(case: Case, policy: Policy, assessor: Weighs, to: PrivateChannel | None = None) -> Offline:
    """``to``: where somebody wants to move it, whatever speaks for it."""
    wish = wish_of(case)
    preference = wish.channel if wish is not None else case.kept
    given = given_kinds(case, policy)
    offers = tuple(channel for channel in policy.offline.offer if _obstacle(channel, case, policy) is None)
    speak_for_it = reasons(case, policy, assessor)
    best = (preference if preference in offers else next(iter(offers), None)) if speak_for_it else None
    return Offline(
        ticket=case.ticket,
        move=bool(speak_for_it),
        reasons=speak_for_it,
        to=to or best,
        offers=offers,
        known={kind: kind in given for kind in ("email", "phone")},
        preference=preference,
    )


def reasons(case: Case, policy: Policy, assessor: Weighs) -> tuple[OfflineReason, ...]:
    """What speaks for going on in private."""
    return tuple(_reasons(case, policy, assessor, wish_of(case)))


def require_possible(channel: PrivateChannel, case: Case, policy: Policy) -> None:
    """Raises RefusedError where the network will not have it, UsageError where the policy lacks what it takes."""
    obstacle = _obstacle(channel, case, policy)
    if obstacle is not None:
        raise obstacle


def given_kinds(case: Case, policy: Policy) -> frozenset[str]:
    """The kinds of private data that the customer has told us, wherever."""
    inbound = (message for message in (*case.elsewhere, *case.thread) if message.direction == "inbound")
    return frozenset(kind for message in inbound for kind in _kinds(message, policy))


def wrote_directly(case: Case) -> bool:
    """Whether the customer has written to us directly before: some networks let us write directly only then."""
    messages = (*case.elsewhere, *case.thread)
    return any(one.direction == "inbound" and one.visibility == "direct" for one in messages)


def is_private(case: Case) -> bool:
    """Whether the conversation goes on in private already."""
    return case.target.visibility == "direct"


def _obstacle(channel: PrivateChannel, case: Case, policy: Policy) -> RefusedError | UsageError | None:
    """What stands in the way of a channel."""
    if channel == "direct":
        return _no_direct(case)
    if channel == "livechat":
        return None if policy.brand.livechat else _unset("brand.livechat")
    if channel in given_kinds(case, policy):
        return None  # they gave us theirs: ours need not be shown
    ours = policy.offline.email if channel == "email" else policy.offline.phone
    return _not_shown(channel, ours, policy) if ours else _unset(f"offline.{channel}")


def _no_direct(case: Case) -> RefusedError | None:
    if case.closed:
        return RefusedError(case.closed, hint=f"offer another way: --to {'|'.join(CHANNELS[1:])}")
    if is_private(case):
        return RefusedError(
            "the latest message is a direct one already", hint="socialcli reply answers it there"
        )
    if case.direct.road == "no" and wrote_directly(case):
        invite = f"socialcli reply {case.ticket} -t dm-request"
        return RefusedError(
            case.direct.reason,
            hint=f"offer another way: --to {'|'.join(CHANNELS[1:])}; or invite them to write first: {invite}",
        )
    return None


def _unset(key: str) -> UsageError:
    return UsageError(f"{key} is not set", hint=f"set {key} in policies.toml, or choose another --to")


def _not_shown(channel: str, ours: str, policy: Policy) -> UsageError | None:
    """The check stops what looks like private data, unless the brand says that it is its own."""
    if not find_private(ours, region=policy.brand.region, contacts=policy.brand.contacts):
        return None
    return UsageError(
        f"offline.{channel}: {ours} is none of brand.contacts, so the check takes it for private data",
        hint="add it to brand.contacts in policies.toml",
    )


def _reasons(case: Case, policy: Policy, assessor: Weighs, wish: Wish | None) -> Iterator[OfflineReason]:
    """In private already, only a wish for yet another channel moves it."""
    if not is_private(case):
        most = policy.offline.after_turns
        ours = sum(one.direction == "outbound" and one.visibility == "public" for one in case.thread)
        turns = public_turns(case.thread, assessor, most) if ours >= most else 0
        if turns >= most:
            yield OfflineReason("offline/turns", f"{turns} public answers of ours, and it is not over")
        if policy.offline.private_data:
            yield from _private_data(case, policy)
        if case.asked:
            yield OfflineReason("offline/asked", f"you ask for {in_words(case.asked, 'their')}")
    if wish is not None and not (is_private(case) and wish.channel == "direct"):
        yield OfflineReason("offline/wished", f'the customer asks for it: "{wish.words}"')


def public_turns(thread: tuple[Message, ...], assessor: Weighs, most: int) -> int:
    """Our public answers since the customer last thanked us, counted up to ``most``."""
    count = 0
    for place in range(len(thread) - 1, -1, -1):
        message = thread[place]
        if message.direction == "outbound":
            count += message.visibility == "public"
        elif assessor.assess(message, thread[max(0, place - _NEAR) : place]).kind == "praise":
            break
        if count >= most:
            break
    return count


def _private_data(case: Case, policy: Policy) -> Iterator[OfflineReason]:
    for message in case.thread:
        if message.direction == "inbound" and message.visibility == "public":
            kinds = dict.fromkeys(_kinds(message, policy))
            if kinds:
                told = " and ".join(_A.get(kind, kind) for kind in kinds)
                yield OfflineReason("offline/private-data", f"message {message.id} shows {told} to everybody")


def _kinds(message: Message, policy: Policy) -> Iterator[str]:
    spans = find_private(
        message.text,
        region=policy.brand.region,
        references=policy.triage.references,
        contacts=policy.brand.contacts,
    )
    return (span.kind for span in spans)


# ---------------------------------------------------------------------------------------- what customers wish


def wish_of(case: Case) -> Wish | None:
    """The customer's newest wish, unless another preference was kept since."""
    return newest_wish(case.thread, case.kept, case.kept_at)
