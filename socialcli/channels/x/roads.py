"""By which road X lets a message be answered, why, and at what cost: from what was read before."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from socialcli.channels.base import Cap, Way
from socialcli.channels.x.posts import is_of_x
from socialcli.channels.x.prices import CURRENCY, Meter
from socialcli.channels.x.streams import LARGEST
from socialcli.channels.x.thread import DIRECTS_AGAIN
from socialcli.channels.x.words import names_in
from socialcli.model.draft import Road
from socialcli.model.message import Message, Visibility
from socialcli.policy.schema import Account
from socialcli.text.urls import find_urls

# Posts and direct messages that X takes of one user in a quarter of an hour and in a day.
CAPS: dict[Road, tuple[Cap, ...]] = {
    "api": (Cap(100, 900), Cap(10_000, 86_400)),
    "direct": (Cap(15, 900), Cap(1_440, 86_400)),
}
# What reading a thread again asks for, if one page holds it: the post and its author, ours, mentions.
AGAIN = {"x/read": 1, "x/user": 1, "x/own-read": 2 * LARGEST}
AGAIN_DIRECT = {"x/direct-read": DIRECTS_AGAIN}
GROUP = "a group conversation: answer it in the app"
_READ_ONLY = "these tokens can only read"


class Roads:
    def __init__(self, account: Account, meter: Meter, *, as_user: bool) -> None:
        self._account = account
        self._meter = meter
        self._as_user = as_user

    def reach(self, message: Message, visibility: Visibility | None) -> Way:
        if message.network != "x":
            reason = f'the message is on {message.network}; account "{self._account.name}" has no login there'
            return Way("hand", reason)
        if (visibility or message.visibility) == "direct":
            return self._direct(message)
        return self._public(message)

    def _direct(self, message: Message) -> Way:
        handle = message.author.handle
        if not self._as_user:
            return Way("hand", f"a direct message to @{handle}; {_READ_ONLY}", currency=CURRENCY)
        if message.visibility != "direct" and message.author.takes_direct is False:
            reason = f"@{handle} takes no direct message from us: invite them to write one, in a public reply"
            return Way("no", reason, currency=CURRENCY)
        if is_group(message):
            return Way("hand", GROUP, currency=CURRENCY)
        if message.author.id is None:
            reason = (
                f"only the handle @{handle} is known of them, and whoever has it now may be somebody else"
            )
            return Way("hand", f"a direct message; {reason}", currency=CURRENCY)
        price = self._meter.price("x/direct")
        return Way("direct", f"a direct message to @{handle}; {self._again(AGAIN_DIRECT)}", price, CURRENCY)

    def _public(self, message: Message) -> Way:
        handle, ours = message.author.handle, self._account.handle
        if message.visibility == "direct":
            return Way(
                "no", "they wrote to us privately: that is never answered in public", currency=CURRENCY
            )
        by_hand = self._why_by_hand(message)
        if by_hand:
            return Way("hand", by_hand, currency=CURRENCY)
        if self._is_ours(message):
            return self._api(f"a reply to a post of our own, @{ours}", "x/post")
        if self._is_summoned(message):
            return self._api(f"a public reply: @{handle} named @{ours}", "x/reply")
        return self._api("a public reply: the plan lets us answer anybody", "x/post")

    def _why_by_hand(self, message: Message) -> str:
        """Why no program can answer it; "" where one can."""
        if not self._as_user:
            return f"a public reply; {_READ_ONLY}"
        if not is_of_x(message):
            return f'it was imported as "{message.version}", which is no id of X'
        if self._account.enterprise or self._is_ours(message) or self._is_summoned(message):
            return ""
        handle, ours = message.author.handle, self._account.handle
        return f"@{handle} has not named @{ours}, and X lets programs answer only those who do"

    def _is_summoned(self, message: Message) -> bool:
        names = names_in(message.text) if message.summons is None else message.summons
        return any(name.casefold() == self._account.handle.casefold() for name in names)

    def _api(self, reason: str, act: str) -> Way:
        link = f"with a link {self._meter.price('x/post-link')}"
        return Way("api", f"{reason}; {link}; {self._again(AGAIN)}", self._meter.price(act), CURRENCY)

    def _again(self, acts: Mapping[str, int]) -> str:
        return f"reading the thread again before it usually costs {self._meter.cost(acts)} {CURRENCY} at most"

    def reach_all(self) -> Way:
        handle = self._account.handle
        if not self._as_user:
            return Way("hand", f"a post of its own by @{handle}; {_READ_ONLY}", currency=CURRENCY)
        link = f"with a link {self._meter.price('x/post-link')}"
        return Way("api", f"a post of its own by @{handle}; {link}", self._meter.price("x/post"), CURRENCY)

    def act(self, text: str, target: Message | None) -> str:
        """What a public post is, in the policy's prices."""
        if has_link(text):
            return "x/post-link"
        return "x/post" if target is None or self._is_ours(target) else "x/reply"

    def cost(self, text: str, way: Way) -> str:
        return self._meter.price("x/post-link") if way.road == "api" and has_link(text) else way.cost

    def _is_ours(self, message: Message) -> bool:
        return message.author.handle.casefold() == self._account.handle.casefold()


def is_group(message: Message) -> bool:
    """X names a conversation of two by their ids, and one of more by an id of its own."""
    if message.visibility != "direct" or message.conversation_id is None:
        return False
    ids = message.conversation_id.split("-")
    if not all(one.isascii() and one.isdecimal() for one in ids):
        return False  # no name that X gave: it was imported
    return len(ids) != 2 or message.author.id not in (None, *ids)  # noqa: PLR2004 - of two


def has_link(text: str) -> bool:
    """As X counts links."""
    return bool(find_urls(unicodedata.normalize("NFC", text)))
