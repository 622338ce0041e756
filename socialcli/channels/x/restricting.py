"""Holding somebody off on X, as far as X lets a program: mute, no direct messages, a reply hidden."""

from __future__ import annotations

from socialcli.channels.base import Way
from socialcli.channels.x.prices import CURRENCY, Meter
from socialcli.channels.x.streams import Place
from socialcli.channels.x.thread import Thread
from socialcli.errors import UsageError
from socialcli.model.message import Author, Message
from socialcli.model.protection import Rung

_BLOCK = "X lets programs block direct messages only; the rest is by hand at {url}"
_PRICE = {"mute": "x/mute", "block": "x/mute", "hide": "x/hide"}  # a block has no price of its own


class Restricting:
    def __init__(self, place: Place, thread: Thread, meter: Meter) -> None:
        self._place = place
        self._thread = thread
        self._meter = meter

    def way(self, rung: Rung, message: Message | None) -> Way:
        """Raises what ``XClient.read`` does, where X must say whose conversation it is."""
        url = "https://x.com" + (f"/{message.author.handle}" if message is not None else "")
        if not self._place.as_user:
            return Way("hand", f"these tokens can only read: do it by hand at {url}", currency=CURRENCY)
        price = self._meter.price(_PRICE[rung])
        if rung == "mute":
            return Way(
                "api",
                "their posts no longer come among our notifications; they do not notice",
                price,
                CURRENCY,
            )
        if rung == "block":
            return Way("api", _BLOCK.format(url=url), price, CURRENCY)
        reason = self._cannot_hide(message)
        if reason:
            return Way("no", reason, currency=CURRENCY)
        return Way("api", "hidden behind a further click, for everybody", price, CURRENCY)

    def _cannot_hide(self, message: Message | None) -> str:
        """Why not; "" where it can be hidden."""
        if message is None or message.visibility == "direct":
            return "only a public reply can be hidden"
        if message.conversation_id in (None, message.id, *message.versions):
            return "it is no reply, and X lets us hide only replies to our own posts"
        root = str(message.conversation_id)
        if not self._thread.is_our_own(root):
            return "the conversation is not one of ours, and X lets us hide only replies to our own posts"
        return ""

    def change(self, rung: Rung, author: Author, message: Message | None, *, on: bool) -> None:
        """Take the step, or take it back. Raises what ``XClient.write`` does."""
        client, us = self._place.client, self._place.us.id
        if rung == "hide":
            if message is None:
                raise UsageError("which reply is to be hidden is not known")
            client.write("hide", "hide_reply" if on else "unhide_reply", message.version)
        else:
            them = self._thread.id_of(author)
            if rung == "block":
                client.call_route("mute", "POST", f"/2/users/{them}/dm/{'block' if on else 'unblock'}")
            elif on:
                client.call_route("mute", "POST", f"/2/users/{us}/muting", {"target_user_id": them})
            else:
                client.call_route("mute", "DELETE", f"/2/users/{us}/muting/{them}")
        self._meter.count(_PRICE[rung])
