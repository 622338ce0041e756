"""Which words tell people something when they are shown as a reason: not "in", "were", a name or a number."""

from __future__ import annotations

from functools import cache
from importlib import resources

from socialcli.triage.lexicon import parse

# The grammar of English alone: the shipped stop words hold "thanks", "awful" and "wait" too, which tell a lot.
_ENGLISH = """
    a about above after again all almost already also always am amp an and another any are aren't around as at
    be because been before being between both but by can could did didn't do does doesn't doing don't down during
    each either else even ever every few for from get gets getting give go goes going got had has hasn't have
    haven't having he he's her here here's hers him his how however i i'd i'll i'm i've if im in instead into is
    isn't it it'll it's its itself ive just let's like made make many may maybe me might more most much must my
    myself no nor not now of off oh ok on once one only or other our ours out over own per rather rt same she
    should so some such than that that'll that's the their theirs them themselves then there there's these they
    they'll they're they've this those though through to too u under until up upon us very via was wasn't we we'd
    we'll we're we've well were weren't what what's when where whether which while who who's whom whose why will
    with within without would yet you you'd you'll you're you've your yours yourself
"""


def tells_something(feature: str) -> bool:
    """Whether a word of it (folded, parted by blanks) has a content of its own."""
    return any(
        len(word) > 1 and word.replace("'", "").isalpha() and word not in _function_words()
        for word in feature.split(" ")
    )


@cache
def _function_words() -> frozenset[str]:
    """Those of all languages in one: a message mixes them."""
    source = resources.files("socialcli.data").joinpath("lexicon", "stopwords.txt").read_text("utf-8")
    others = [phrases for name, phrases in parse(source).lists.items() if name != "en"]
    return frozenset(_ENGLISH.split()).union(phrase[0] for phrases in others for phrase in phrases)
