"""The query language of search, as far as customer service speaks it: words, "phrases", @handles, #tags, operators,
``-`` before any of them, OR, and brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.servers.x.refusals import Refusal, invalid
from tests.servers.x.state import Post, State

LONGEST = 512  # characters, on the self-serve tiers
_TOKEN = re.compile(r'-?"[^"]*"|-?\(|\)|[^\s()"]+')
_WORD = re.compile(r"\w+")
_IS = {
    "is:retweet": lambda post: post.reposts is not None,
    "is:reply": lambda post: post.reply_to is not None,
    "is:quote": lambda post: post.quotes is not None,
    "has:links": lambda post: "urls" in post.stored.entities,
    "has:mentions": lambda post: bool(post.stored.mentions),
}
_STANDALONE = ("from:", "to:", "conversation_id:", "retweets_of:", "url:")

Test = Callable[[Post], bool]


def reader(query: str, state: State) -> Test:
    """Whether a post answers to the query. Raises Refusal (400) where it cannot be read."""
    if not 1 <= len(query) <= LONGEST:
        raise invalid(
            "query", query[:20], f"The `query` query parameter must be 1 to {LONGEST} characters long"
        )
    left = _TOKEN.sub("", query).strip()
    parser = _Parser(_TOKEN.findall(query), query, state)
    test = parser.either()
    if left or parser.tokens:
        raise _unreadable(query)
    if not parser.stands_alone:
        raise invalid("query", query, "Rules must contain at least one positive, non-operator clause")
    return test


def _unreadable(query: str) -> Refusal:
    return invalid("query", query, "There were errors processing your request: the query can not be parsed")


@dataclass
class _Parser:
    tokens: list[str]
    query: str
    state: State
    stands_alone: bool = False

    def either(self) -> Test:
        tests = [self._all()]
        while self.tokens[:1] == ["OR"]:
            self.tokens.pop(0)
            tests.append(self._all())
        return lambda post: any(test(post) for test in tests)

    def _all(self) -> Test:
        tests = []
        while self.tokens and self.tokens[0] not in {"OR", ")"}:
            tests.append(self._one(self.tokens.pop(0)))
        if not tests:
            raise _unreadable(self.query)
        return lambda post: all(test(post) for test in tests)

    def _one(self, token: str) -> Test:
        negated, body = token.startswith("-"), token.removeprefix("-")
        if body == "(":
            test = self.either()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise _unreadable(self.query)
        else:
            test = self._term(body, negated=negated)
        return (lambda post: not test(post)) if negated else test

    def _term(self, body: str, *, negated: bool) -> Test:
        quoted = body.startswith('"')
        name, colon, value = body.partition(":")
        if quoted or not colon:
            self.stands_alone = self.stands_alone or not negated
            return self._words(body.strip('"'))
        self.stands_alone = self.stands_alone or (not negated and f"{name}:" in _STANDALONE)
        if body in _IS:
            return _IS[body]
        if name in {"from", "to"}:
            user = value if value.isdigit() else self.state.find(value)
            return (
                (lambda post: post.author_id == user)
                if name == "from"
                else (lambda post: post.reply_to_user == user)
            )
        if name == "conversation_id":
            return lambda post: post.conversation_id == value
        if name == "lang":
            return lambda post: post.lang == value
        raise _unreadable(self.query)

    def _words(self, body: str) -> Test:
        if body.startswith("@"):
            wanted = self.state.find(body)
            return lambda post: wanted in post.stored.mentions
        phrase = _WORD.findall(body.casefold())
        if not phrase:
            raise _unreadable(self.query)
        return lambda post: _holds(_WORD.findall(post.stored.plain.casefold()), phrase)


def _holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))
