"""Is a post that the network shows this very draft?"""

from __future__ import annotations

import html
import re
import unicodedata

from socialcli.channels.base import OwnPost
from socialcli.model.draft import Draft
from socialcli.model.message import Message


def is_same(post: OwnPost, draft: Draft, target: Message | None) -> bool:
    """By its key, else by what it answers and says. ``target``: the message that the draft answers."""
    if post.key is not None:
        return post.key == draft.id
    answered = (None,) if target is None else (target.id, *target.versions)
    return post.in_reply_to in answered and _bare(post.text) == _bare(draft.text)


def _bare(text: str) -> list[str]:
    """The words without what a network adds or changes: entities, leading mentions, spaces, composition, and
    how an address begins and ends.
    """
    text = unicodedata.normalize("NFC", html.unescape(text))
    words = re.sub(r"^(?:\s*@\w+)+", "", text).split()
    return [re.sub(r"^https?://", "", word).rstrip("/") for word in words]
