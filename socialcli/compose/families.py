"""A template in several languages is one file a language: ``apology.j2`` and beside it ``apology.es.j2``,
``apology.de.j2``. They are one family, ``apology``; whoever names the family gets the file for the customer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_NAME = re.compile(r"(?P<family>.+)\.(?P<language>[a-z]{2})", re.DOTALL)
VALID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}(\.[a-z]{2})?")


def family_of(name: str) -> str:
    """``apology`` of ``apology.es``."""
    found = _NAME.fullmatch(name)
    return found["family"] if found else name


def language_of(name: str) -> str:
    """``es`` of ``apology.es``; "" where the name says none."""
    found = _NAME.fullmatch(name)
    return found["language"] if found else ""


def wanted_languages(language: str | None, spoken: Sequence[str]) -> tuple[str, ...]:
    """The languages to look for, the best first: the customer's where the brand speaks it, then the brand's own."""
    own = [language] if language in spoken else []
    return tuple(dict.fromkeys((*own, *spoken[:1])))  # type: ignore[arg-type]


def pick(family: str, speaks: Mapping[str, Collection[str]], languages: Sequence[str]) -> str | None:
    """The file of the family to take; ``speaks`` maps the name of each file to the languages of its head (none:
    any). A file named after the language comes before one that only lists it; without either it is the file
    that bears the family's own name. None where there is none of these.
    """
    for language in languages:
        for name in (f"{family}.{language}", family):
            if language in speaks.get(name, ()):
                return name
    return family if family in speaks else None
