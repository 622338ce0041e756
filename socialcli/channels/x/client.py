"""The one door to X: reads and writes through tweepy, each ending in JSON or in one of our own errors.

- A read that failed on the way is tried again, twice at most; a write never is.
- What X will not take for a while is not asked for: ``held`` says until when, per what is asked for.
- The errors name the account and what was being done, hold X's own words, and never a token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from socialcli.channels.base import NotPostedError, OutcomeUnknownError
from socialcli.channels.x import answers, faults
from socialcli.channels.x.faults import Kind
from socialcli.channels.x.session import XSession
from socialcli.channels.x.wording import DOING, HINTS, HINTS_403, reason, told, unclear_hint
from socialcli.errors import CredentialsError, NotFoundError, SocialError, TemporaryError
from socialcli.model.times import format_time
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account

if TYPE_CHECKING:
    import requests

_ATTEMPTS = 3
_FIRST_PAUSE = 0.25  # seconds; doubled for the next
_LONGEST_PAUSE = 2.0
_LONGEST = 300  # characters of X's own words that are passed on


class _FaultError(Exception):
    """A request that ended in a fault; ``said`` is X's own words, "" if there are none."""

    def __init__(self, kind: Kind, status: int, said: str) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.status = status
        self.said = said


class GoneError(NotFoundError):
    """As its parent, in X's own words."""

    def __init__(self, message: str, *, hint: str) -> None:
        SocialError.__init__(self, message, hint=hint)
        self.kind, self.name = "such thing on X", message


class XClient:
    """``held``: what X will not take -> until when (epoch seconds, real clock), as known from before; it grows
    with what X says. ``note`` hears of reads that are tried again.
    """

    def __init__(
        self,
        account: Account,
        tokens: Tokens,
        note: Callable[[str], None],
        *,
        held: Mapping[str, int] | None = None,
    ) -> None:
        self.account = account
        self.held: dict[str, int] = dict(held or {})
        self._tokens = tokens
        self._note = note

    @cached_property
    def _session(self) -> XSession:
        return XSession(self.account)

    @cached_property
    def _tweepy(self) -> Any:
        import requests
        import tweepy

        keys = {name: getattr(self._tokens, name) or None for name in self._tokens.__struct_fields__}
        client = tweepy.Client(**keys, return_type=requests.Response, wait_on_rate_limit=False)
        client.session = self._session
        return client

    def read(
        self, what: str, method: str, *args: Any, user: bool | None = None, **params: Any
    ) -> dict[str, Any]:
        """The JSON object that ``tweepy.Client.<method>(*args, **params)`` brings; ``errors`` in it are the
        caller's to look at. ``user``: as the user (True), as the app (False), or as the tokens allow (None).

        Raises TemporaryError, CredentialsError, RefusedError, NotFoundError.
        """
        as_user = self._tokens.acts_for_user if user is None else user
        self._require(what, user=as_user)
        if until := self._held_until(what):
            raise self._held_error(what, TemporaryError, until)
        try:
            return self._persistently(
                what, lambda: getattr(self._tweepy, method)(*args, user_auth=as_user, **params)
            )
        except _FaultError as fault:
            found = fault
        raise self._error(what, found, faults.READ)

    def write(self, what: str, method: str, *args: Any, **params: Any) -> dict[str, Any]:
        """The JSON object, with its ``data``, that ``tweepy.Client.<method>`` brings, as the user, once.

        Raises PostRefusedError, DuplicateError, NotPostedError, CredentialsError, OutcomeUnknownError.
        """
        return self._once(what, lambda: getattr(self._tweepy, method)(*args, user_auth=True, **params))

    def call_route(
        self, what: str, verb: str, route: str, json: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """As ``write``, for what tweepy has no method for: ``route`` is "/2/users/12/dm/block"."""
        body = None if json is None else dict(json)
        return self._once(what, lambda: self._tweepy.request(verb, route, json=body, user_auth=True))

    def _once(self, what: str, call: Callable[[], Any]) -> dict[str, Any]:
        self._require(what, user=True)
        if until := self._held_until(what):
            raise self._held_error(what, NotPostedError, until)
        self._session.close()  # a connection left open may be dead, and what is lost on it is unclear
        try:
            found = self._asked(what, call)
            if found.get("data"):
                return found
            fault = _FaultError(Kind.UNCLEAR, 200, "an answer without data")
        except _FaultError as error:
            fault = error
        raise self._error(what, fault, faults.WRITE)

    def _persistently(self, what: str, call: Callable[[], Any]) -> dict[str, Any]:
        """Ask, and ask again where the way was the fault."""
        import stamina
        from stamina.instrumentation import set_on_retry_hooks

        set_on_retry_hooks(())  # else it logs beside our own note
        for attempt in stamina.retry_context(
            on=lambda error: isinstance(error, _FaultError) and error.kind in {Kind.UNSENT, Kind.UNCLEAR},
            attempts=_ATTEMPTS,
            wait_initial=_FIRST_PAUSE,
            wait_max=_LONGEST_PAUSE,
            wait_jitter=_FIRST_PAUSE,
        ):
            with attempt:
                if attempt.num > 1:
                    self._note(f'account "{self.account.name}": {DOING.get(what, what)}: asking X again')
                return self._asked(what, call)
        raise AssertionError("stamina raises the last error")

    def _asked(self, what: str, call: Callable[[], Any]) -> dict[str, Any]:
        """One request. Raises _FaultError for whatever comes but a JSON object with a status of 2xx."""
        self._session.forget()
        escaped: Exception | None = None
        try:
            call()
        except SocialError:
            raise
        except Exception as error:  # noqa: BLE001 - tweepy lets anything out; the answer says what it means
            escaped = error
        answer = self._session.answer
        if answer is None:
            raise self._without_answer(escaped)
        until = answers.held_until(answer.status_code, answer.headers, int(time.time()))
        if until is not None:
            self.held[what] = until
        if not 200 <= answer.status_code < 300:  # noqa: PLR2004 - the 2xx
            raise self._refused(answer)
        found = answers.decode(answer.content)
        if found is None:
            raise _FaultError(Kind.UNCLEAR, answer.status_code, "an answer that is no JSON")
        return found

    @staticmethod
    def _without_answer(escaped: Exception | None) -> Exception:
        """A fault of the way; a mistake of ours in the call stays what it is."""
        if escaped is None:
            return AssertionError("no request was made")
        kind = faults.of_exception(escaped)
        return escaped if kind is None else _FaultError(kind, 0, reason(escaped))

    def _refused(self, answer: requests.Response) -> _FaultError:
        kind = faults.of_status(answer.status_code, answer.content.decode("utf-8", "replace"))
        return _FaultError(kind, answer.status_code, self._without_tokens(answers.words_of(answer.content)))

    def _without_tokens(self, text: str) -> str:
        """An answer may quote what was sent."""
        tokens = [getattr(self._tokens, name) for name in self._tokens.__struct_fields__]
        for token in sorted(filter(None, tokens), key=len, reverse=True):  # one may be a part of another
            text = text.replace(token, "...")
        return text[:_LONGEST]

    def _require(self, what: str, *, user: bool) -> None:
        """Raises CredentialsError where the tokens for this are not there."""
        there = self._tokens.acts_for_user if user else bool(self._tokens.bearer_token)
        if not there:
            wanted = "the four keys of a user (OAuth 1.0a)" if user else "a bearer token"
            raise CredentialsError(
                f'account "{self.account.name}": {DOING.get(what, what)} needs {wanted}',
                hint=f"socialcli login {self.account.name}",
            )

    def _held_until(self, what: str) -> int:
        """Epoch seconds; 0 if it may be asked for."""
        until = self.held.get(what, 0)
        return until if until > time.time() else 0

    def _held_error(self, what: str, family: type[SocialError], until: int) -> SocialError:
        named = format_time(datetime.fromtimestamp(until, UTC))
        message = f'account "{self.account.name}": {DOING.get(what, what)}: X takes no more until {named}'
        return family(message, hint=HINTS[Kind.LIMITED])

    def _error(self, what: str, fault: _FaultError, errors: faults.Errors) -> SocialError:
        family = errors[fault.kind]
        family = GoneError if family is NotFoundError else family
        doing = f'account "{self.account.name}": {DOING.get(what, what)}'
        if fault.kind is Kind.LIMITED and (until := self._held_until(what)):
            return self._held_error(what, family, until)
        message = f"{doing}: {told(fault.kind, fault.status, fault.said, self._session.base)}"
        usual = unclear_hint(what) if family is OutcomeUnknownError else HINTS[fault.kind]
        hint = next((hint for words, hint in HINTS_403 if words in fault.said.casefold()), usual)
        return family(message, hint=hint.format(account=self.account.name))
