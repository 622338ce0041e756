"""What a reply template can read besides its own variables: the brand, the agent, the customer, the ticket,
the account. Everything here is text, and data: none of it is ever read as a template.
"""

from __future__ import annotations

import functools
import re

from msgspec import Struct, structs

from socialcli.compose.checks.signature import sign_off
from socialcli.policy.schema import Account, Agent, Policy

# Control characters (other than white space, which is folded), bidirectional overrides, lone surrogates:
# nothing of this belongs into a post, and some of it moves a terminal's cursor.
HARMFUL = r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"

_TITLES = "mr mrs ms miss mx dr prof sir dame rev herr frau señor señora monsieur madame"
# Capitalised words that begin display names which are not names of people.
_NOT_NAMES = """
    a air airline airlines an and angry anon anonymous art band big book books boy cafe captain chef city
    club coach co college company concerned crazy customer dad daily digital dog dogs ex fan fans fed film
    flight food foodie former free frequent frustrated girl global good grumpy guy happy health help her his
    home house i in international it its just king lady law life little local lost mad man media mom mother
    mum music my new news no not of official old on one our passenger photo photography poor proud queen radio
    real records sad school shop solutions sports store student studio support team tech the this tired
    tour tours traveller traveler travel travels university unhappy user very voice we woman world your
"""
_LONGEST_FIRST_NAME = 20


class BrandFacts(Struct, frozen=True):
    name: str
    livechat: str = ""  # address, "" if there is none
    help: str = ""  # address, "" if there is none
    email: str = ""  # where customers may write to
    phone: str = ""  # where they may call


class AgentFacts(Struct, frozen=True):
    id: str
    name: str
    first_name: str
    initials: str


class CustomerFacts(Struct, frozen=True):
    handle: str = ""  # without @
    name: str = ""  # as the customer shows it, control characters taken out
    first_name: str = ""  # "" unless the name looks like a person's


class TicketFacts(Struct, frozen=True):
    id: str = ""
    topic: str = ""
    kind: str = ""


class AccountFacts(Struct, frozen=True):
    name: str
    handle: str  # without @


class Context(Struct, frozen=True):
    brand: BrandFacts
    agent: AgentFacts
    customer: CustomerFacts
    ticket: TicketFacts
    account: AccountFacts
    sign_off: str  # the agent's, in the policy's form


def context_for(
    policy: Policy,
    *,
    agent: Agent,
    account: Account,
    handle: str = "",
    name: str | None = None,
    ticket: TicketFacts | None = None,
) -> Context:
    """The context of one reply; ``handle`` and ``name`` are the customer's. A statement has no customer."""
    shown = re.sub(HARMFUL, "", name or "")
    return Context(
        brand=BrandFacts(
            policy.brand.name,
            policy.brand.livechat,
            policy.brand.help,
            policy.offline.email,
            policy.offline.phone,
        ),
        agent=AgentFacts(agent.id, agent.name, sign_off("{first_name}", agent), agent.initials),
        customer=CustomerFacts(handle, shown, first_name_of(shown)),
        ticket=ticket or TicketFacts(),
        account=AccountFacts(account.name, account.handle),
        sign_off=sign_off(policy.reply.sign_off, agent),
    )


def worst_context(policy: Policy, *, agent: Agent, account: Account, kind: str = "complaint") -> Context:
    """The longest that a customer's side of the context gets: a handle of 15 characters (the most that X
    allows) and a first name as long as is ever used.
    """
    topic = max((topic.name for topic in policy.topics), key=len, default="")
    name = "Maximilian-Alexander Featherstone"
    ticket = TicketFacts("wwwwwwwwwwww", topic, kind)
    return context_for(policy, agent=agent, account=account, handle="m" * 15, name=name, ticket=ticket)


def first_name_of(name: str) -> str:
    """The first name in a customer's display name, or "" where it does not look like a person's: a greeting
    without a name reads better than "Hello Travel". So one word alone, capitals throughout, digits, symbols
    and scripts without capitals give "".
    """
    words = name.split()
    if words and words[0].rstrip(".").casefold() in _TITLES.split():
        words = words[1:]
    if not 2 <= len(words) <= 4 or not all(_letters(word) for word in words):  # noqa: PLR2004 - "Ana de la Cruz"
        return ""
    if any(word.casefold() in _NOT_NAMES.split() for word in words):
        return ""
    first = words[0]
    usual = all(part[:1].isupper() and part[1:].islower() for part in first.split("-"))
    return first if usual and len(first) <= _LONGEST_FIRST_NAME else ""


@functools.cache
def context_fields() -> dict[str, tuple[str, ...]]:
    """Each name of the context with its parts; ``sign_off`` is a text and has none."""
    context = structs.fields(Context)
    return {
        field.name: tuple(part.name for part in structs.fields(field.type))
        if isinstance(field.type, type) and issubclass(field.type, Struct)
        else ()
        for field in context
    }


def _letters(word: str) -> bool:
    return re.sub("['’.-]", "", word).isalpha()
