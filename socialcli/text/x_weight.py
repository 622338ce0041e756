"""The weighted length of a post on X.

By X's public configuration, version 3: most Latin, Greek, Cyrillic, Hebrew and Arabic characters weigh 1,
all others 2, a link 23 whatever its length, an emoji 2 however many code points it is made of. The text is
normalised (NFC) first.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

from socialcli.text.emoji import emoji_sequences
from socialcli.text.urls import find_urls

_LINK = 23
_EMOJI = 2
_HEAVY = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_SHORT = 1_000  # below this length the order of marks cannot take noticeable time


def weigh(text: str, *, emoji: bool = True) -> int:
    """The weight of ``text`` in characters of weight 1, equal to X's public counter.

    ``emoji=False`` counts the code points of an emoji one by one, as version 2 of the configuration did.
    """
    text = _composed(text)
    spans = [(url.start, url.end, _LINK) for url in find_urls(text)]
    if emoji and not text.isascii():
        spans += ((start, end, _EMOJI) for start, end in emoji_sequences(text))
        spans.sort(key=lambda span: (span[0], -span[2]))  # a link goes before an emoji
    weight = at = 0
    for start, end, weighs in spans:
        if start >= at:
            weight += _plain(text[at:start]) + weighs
            at = end
    return weight + _plain(text[at:])


def _plain(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_HEAVY.findall(text))


def _composed(text: str) -> str:
    """NFC. Long rows of combining marks are put in canonical order first: unicodedata does it by insertion,
    which takes minutes on a hostile text of a megabyte.
    """
    if text.isascii():
        return text
    if len(text) > _SHORT:
        rows = itertools.groupby(text, key=lambda character: unicodedata.combining(character) > 0)
        text = "".join(
            "".join(sorted(row, key=unicodedata.combining) if marks else row) for marks, row in rows
        )
    return unicodedata.normalize("NFC", text)
