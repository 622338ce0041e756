"""Talk that is not meant for us: a name in the middle of what people tell each other."""

from __future__ import annotations

from socialcli.text.tokens import MENTION
from socialcli.triage.reading import Evidence, Reading


def in_passing(reading: Reading) -> Evidence | None:
    """A name in the middle of a sentence ("sat on the @NorthlineAir to Cork"): nobody there is spoken to, or,
    where the text begins with a person's name, that one is.
    """
    if MENTION not in reading.words:
        return None
    among = among_customers(reading)
    if among is not None:
        return among
    return None if reading.has("address/you") else _named(reading)


def among_customers(reading: Reading) -> Evidence | None:
    """One person is spoken to about us: "@cust2 are you on the @NorthlineAir too?". Brands write their names
    with capitals, most people do not.
    """
    if reading.words[0] != MENTION or not reading.raw(0).islower():
        return None
    beside = reading.starts("address/beside")
    for place, word in enumerate(reading.words):
        if word == MENTION and place - 1 in beside and not reading.raw(place).islower():
            return Evidence("chatter/among-others", (place, place + 1))
    return None


def _named(reading: Reading) -> Evidence | None:
    beside = reading.starts("address/beside")
    said = False
    for place, (word, kind) in enumerate(zip(reading.words, reading.tokens.kinds, strict=True)):
        if word != MENTION:
            said = said or kind in {"word", "number"}
        elif said and (place - 1 in beside or _goes_on(reading, place + 1)):
            return Evidence("chatter/in-passing", (place, place + 1))
    return None


def _goes_on(reading: Reading, place: int) -> bool:
    return place < len(reading.words) and reading.tokens.kinds[place] == "word"
