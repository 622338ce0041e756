"""Posts of X as messages, for live pages and saved ones alike.

Only the id, the time and the author of a post must be there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from socialcli.channels.base import Rejected
from socialcli.channels.records import RecordReader, convert, identifier
from socialcli.channels.x import people
from socialcli.channels.x.raw import RawPost, User, listed, renamed
from socialcli.channels.x.words import Words, words_of
from socialcli.model.message import Author, Message, Source
from socialcli.model.times import parse_time
from socialcli.text.clean import clean

# What is asked of posts, in the old names.
FIELDS = [
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "entities",
    "in_reply_to_user_id",
    "lang",
    "note_tweet",
    "referenced_tweets",
    "reply_settings",
]
EXPANSIONS = ["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id"]
USER_FIELDS = ["name", "username"]


class Post(Struct, frozen=True):
    """What one row of a page is. ``message`` is None for a bare repost; ``context`` are the posts that explain
    it: what it answers, if that is ours or by the same customer, and ours that it quotes.
    """

    raw: RawPost
    message: Message | None
    context: tuple[Message, ...] = ()


class Page:
    """One page of posts. ``account`` reads it, ``our_handles`` are case-folded, ``our_id`` is the account's own,
    where it is known. ``known``: users besides those of the page.
    """

    def __init__(
        self,
        page: Mapping[str, Any],
        reader: RecordReader,
        *,
        our_id: str | None = None,
        known: Iterable[User] = (),
    ) -> None:
        self._reader = reader
        self._our_id = our_id
        includes = page.get("includes")
        includes = renamed(includes) if isinstance(includes, dict) else {}
        self.people = {one.id: one for one in (*known, *listed(includes.get("users"), User))}
        self.posts = {one.id: one for one in listed(includes.get("tweets"), RawPost)}

    def read(self, row: Any, source: Source | None = None, found_by: str | None = None) -> Post:
        """A row as a post. ``source``: "mention" or "search", which the post itself may overrule; None where
        the reader says it. Raises ValueError with the reason.
        """
        raw = convert(renamed(row) if isinstance(row, dict) else row, RawPost)
        if raw.is_repost:
            return Post(raw, None)
        message = self.message(raw, source, found_by)
        return Post(raw, message, self._context(raw, message, source))

    def message(self, raw: RawPost, source: Source | None = None, found_by: str | None = None) -> Message:
        """Raises ValueError with the reason."""
        author = self._author(raw)
        words = words_of(raw.text, raw.entities, raw.note_tweet)
        versions = [identifier("id", one) for one in raw.versions]
        summons = self._summons(raw, words)
        ours = self._is_ours(raw.author_id, author.handle)
        if ours:
            author = Author(author.id, author.handle, author.name)  # nobody writes directly to themselves
        kind = self._source(raw, summons, source, ours=ours)
        return Message(
            id=versions[0],
            network="x",
            account=self._reader.account.name,
            author=author,
            text=words.text,
            created_at=parse_time(raw.created_at),
            direction="outbound" if ours else "inbound",
            source=kind or self._reader.source,
            in_reply_to=self._parent_id(raw),
            conversation_id=raw.conversation_id and identifier("conversation_id", raw.conversation_id),
            url=f"https://x.com/{people.in_address(author.handle)}/status/{versions[0]}",
            lang=raw.lang and clean(raw.lang),
            versions=tuple(versions[1:]),
            summons=summons,
            found_by=found_by if kind == "search" else None,
        )

    def _author(self, raw: RawPost) -> Author:
        user = self.people.get(raw.author_id or "")
        if user is not None:
            return author_of(user)
        if raw.username is not None:
            return Author(raw.author_id, identifier("author.handle", raw.username))
        raise ValueError(
            f'post {clean(raw.id)[:32]}: its author "{raw.author_id}" is not among includes.users'
        )

    def _is_ours(self, user_id: Any, handle: str | None = None) -> bool:
        if handle is None:
            user = self.people.get(user_id) if isinstance(user_id, str) else None
            handle = None if user is None else user.username
        known = handle is not None and handle.casefold() in self._reader.our_handles
        return known or (user_id is not None and user_id == self._our_id)

    def _source(
        self, raw: RawPost, summons: Collection[str], source: Source | None, *, ours: bool
    ) -> Source | None:
        if source is None:
            return None
        if ours:
            return "reply" if raw.refers("replied_to") else "mention"
        if raw.refers("replied_to") and self._is_ours(raw.in_reply_to_user_id):
            return "reply"
        return "mention" if self._names_us(summons) else source

    def _names_us(self, summons: Collection[str]) -> bool:
        return any(one.casefold() in self._reader.our_handles for one in summons)

    def _summons(self, raw: RawPost, words: Words) -> tuple[str, ...]:
        """Whom it names, and who of us is quoted by it, where all who are may answer."""
        quoted = self.posts.get(raw.refers("quoted") or "")
        if quoted is None or raw.reply_settings not in (None, "everyone"):
            return words.names
        user = self.people.get(quoted.author_id or "")
        if user is None or not self._is_ours(user.id):
            return words.names
        return tuple(dict.fromkeys((*words.names, user.username)))

    def _parent_id(self, raw: RawPost) -> str | None:
        """By its first version, where that is known."""
        parent = raw.refers("replied_to")
        known = self.posts.get(parent or "")
        return parent and identifier("in_reply_to", known.chain[0] if known is not None else parent)

    def _context(self, raw: RawPost, message: Message, source: Source | None) -> tuple[Message, ...]:
        context = []
        for kind in ("replied_to", "quoted"):
            known = self.posts.get(raw.refers(kind) or "")
            if known is None or known.is_repost:
                continue
            same = kind == "replied_to" and known.author_id is not None and known.author_id == raw.author_id
            if same or self._is_ours(known.author_id):
                try:
                    context.append(self.message(known, source and "search"))
                except ValueError:
                    continue  # what cannot be read explains nothing
        return tuple(one for one in context if one.id != message.id)


def is_of_x(message: Message) -> bool:
    """Whether X knows it by its id: what was imported may have another."""
    return message.network == "x" and message.version.isascii() and message.version.isdecimal()


def author_of(user: User) -> Author:
    """Raises ValueError where the handle is none."""
    takes = user.receives_your_dm if isinstance(user.receives_your_dm, bool) else None
    handle = identifier("author.handle", user.username.lstrip("@"))
    name = clean(user.name) if isinstance(user.name, str) else None
    return Author(identifier("author.id", user.id), handle, name, takes)


def rejected(place: str, row: Any, error: ValueError) -> Rejected:
    """A row that is no message, named by its id where it has one."""
    found = row.get("id") if isinstance(row, dict) else None
    return Rejected(f"{place}, post {clean(found)[:32]}" if isinstance(found, str) else place, str(error))
