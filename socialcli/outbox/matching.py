"""Is a post that the network shows this very draft?"""

from __future__ import annotations

import html
import re
import unicodedata

from socialcli.channels.base import OwnPost
from socialcli.model.draft import Draft
from socialcli.model.message import Message

_EARLIER = 7 * 86_400  # seconds; clocks may differ, even those that a replay stops, but not by so much
# What may stand behind an address.
_AROUND = ".,;:!?)]}>\"'\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}"


def is_same(post: OwnPost, draft: Draft, target: Message | None, *, since: float) -> bool:
    """By its key, else by what it answers and says. ``target``: the message that the draft answers; ``since``: when
    it was first tried (epoch seconds), which tells it from what was said long before.
    """
    if post.key is not None:
        return post.key == draft.id
    if post.created_at.timestamp() < since - _EARLIER:
        return False
    answered = (None,) if target is None else (target.id, *target.versions)
    return post.in_reply_to in answered and _bare(post.text) == _bare(draft.text)


def _bare(text: str) -> list[str]:
    """The words without what a network adds or changes: entities, leading mentions, spaces, composition, and
    how an address begins and ends.
    """
    text = unicodedata.normalize("NFC", html.unescape(text))
    words = re.sub(r"^(?:\s*@\w+)+", "", text).split()
    return [_bare_word(word) for word in words]


def _bare_word(word: str) -> str:
    """Also where the address stands in brackets, or ends a sentence."""
    word = re.sub(r"^(\W*)https?://", r"\1", word)
    inner = word.rstrip(_AROUND + "/")
    return inner + word[len(inner) :].replace("/", "")
