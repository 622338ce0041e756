"""Which templates fit a ticket, the best first, and why. Pure.

    suggest(templates, kind="complaint", topic="baggage", language="es", spoken=("en", "es"))

What a head leaves open fits everything and speaks for nothing. What it names and the ticket is not puts the
template behind all that fit: it is still in the list, for an agent who knows better.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from socialcli.compose.families import family_of, pick, wanted_languages
from socialcli.compose.frontmatter import Need
from socialcli.model.assessment import Kind, Priority, Register
from socialcli.model.draft import Road

if TYPE_CHECKING:
    from socialcli.compose.templates import Template

# What each key of a head that names the ticket's own is worth. What was written for this very matter or moment
# beats what was written for its kind; manner and road only break ties.
_POINTS = {"topics": 30, "needs": 25, "kinds": 20, "priorities": 10, "register": 5, "networks": 3, "road": 3}
_ONE_OF = 2  # taken off for each further word of a list: written for one kind beats written for four
_LANGUAGE = 40  # the customer's own language; nothing else outweighs that they can read it
_NEEDED: dict[Need, str] = {
    "incident": "an incident that runs",
    "incident-over": "an incident that is over",
    "out-of-hours": "nobody being on duty",
    "settled": "the matter being settled",
    "private-message": "a private message that was sent",
    "email": "an e-mail address that they gave us",
    "phone": "a phone number that they gave us",
}


_WORDS = {
    "topics": "topic",
    "kinds": "kind",
    "priorities": "priority",
    "register": "register",
    "networks": "network",
    "road": "road",
}
_Weighed = tuple[int | None, str]  # points, None where it speaks against the template; why


class Suggestion(Struct, frozen=True):
    """``name`` is what to type after -t: the family, which picks the customer's language by itself. ``reasons``
    say what speaks for it, and, where it does not fit, what speaks against it.
    """

    name: str
    template: Template  # the file in the language that is taken
    fits: bool
    points: int
    reasons: tuple[str, ...]


class _Ticket(Struct, frozen=True):
    kinds: Kind | None
    topics: str | None
    register: Register | None
    networks: str | None
    road: Road | None
    priorities: Priority | None


def suggest(
    templates: Iterable[Template],
    *,
    kind: Kind | None = None,
    topic: str | None = None,
    register: Register | None = None,
    language: str | None = None,
    spoken: Sequence[str] = ("en",),
    network: str | None = None,
    road: Road | None = None,
    priority: Priority | None = None,
    given: Collection[Need] = (),
) -> list[Suggestion]:
    """One suggestion for each family of reply templates (no statements, no sign-off), the best first; ties go
    by name. What is None is not held against anything. ``spoken`` are the brand's languages, its own first;
    ``given`` is what is the case with this ticket, such as ``{"incident"}``.
    """
    ticket = _Ticket(kind, topic, register, network, road, priority)
    wanted = wanted_languages(language, spoken)
    chosen = _one_a_family([one for one in templates if one.class_ == "reply"], wanted)
    found = (_weighed(family, one, ticket, language, wanted, given) for family, one in chosen)
    return sorted(found, key=lambda one: (not one.fits, -one.points, one.name))


def _one_a_family(templates: Sequence[Template], wanted: Sequence[str]) -> Iterator[tuple[str, Template]]:
    by_name = {one.name: one for one in templates}
    speaks = {name: one.languages for name, one in by_name.items()}
    for family in dict.fromkeys(family_of(name) for name in by_name):
        name = pick(family, speaks, wanted)
        if name is not None:
            yield family, by_name[name]


def _weighed(
    family: str,
    template: Template,
    ticket: _Ticket,
    language: str | None,
    wanted: Sequence[str],
    given: Collection[Need],
) -> Suggestion:
    weighed = [
        *_by_head(template, ticket),
        *_by_need(template, given),
        *_by_language(template, language, wanted),
    ]
    fits = all(points is not None for points, _ in weighed)
    reasons = sorted(weighed, key=lambda one: one[0] is None)  # what speaks for it first; the order stays
    return Suggestion(
        family, template, fits, sum(points or 0 for points, _ in weighed), tuple(why for _, why in reasons)
    )


def _by_head(template: Template, ticket: _Ticket) -> Iterator[_Weighed]:
    for key, word in _WORDS.items():
        listed, own = getattr(template, key), getattr(ticket, key)
        if own is None or not listed:
            continue
        if own in listed:
            yield max(1, _POINTS[key] - _ONE_OF * (len(listed) - 1)), f"{word} {own}"
        elif key != "priorities":  # how urgent it is changes what is best to say, not what can be said
            yield None, f"is for {word} {' or '.join(listed)}, not {own}"


def _by_need(template: Template, given: Collection[Need]) -> Iterator[_Weighed]:
    for need in template.needs:
        if need in given:
            yield _POINTS["needs"], _NEEDED[need]
        else:
            yield None, f"needs {_NEEDED[need]}"


def _by_language(template: Template, language: str | None, wanted: Sequence[str]) -> Iterator[_Weighed]:
    if language in template.languages:
        yield _LANGUAGE, f"language {language}"
    elif template.languages and not set(wanted) & set(template.languages):
        yield None, f"is in {', '.join(template.languages)}"
