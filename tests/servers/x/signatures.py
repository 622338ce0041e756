"""Who asks: OAuth 1.0a signatures (RFC 5849, HMAC-SHA1) and app-only bearer tokens, checked from the specification."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote

TOLERANCE = 600  # seconds between the request's timestamp and the real time


@dataclass(frozen=True)
class Tokens:
    CONSUMER_KEY: str
    CONSUMER_SECRET: str
    ACCESS_TOKEN: str
    ACCESS_TOKEN_SECRET: str
    BEARER_TOKEN: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def new_tokens(user_id: str) -> Tokens:
    def part(size: int) -> str:
        return secrets.token_hex(size)

    # The odd characters must survive the percent-encoding of the signature.
    return Tokens(
        part(12), f"cs~{part(20)}", f"{user_id}-{part(16)}", f"as.{part(18)}", f"AAAA%2F{part(30)}%3D"
    )


@dataclass(frozen=True)
class Caller:
    """Who asks. ``kind`` is "oauth1" (a user) or "bearer" (an app of that user)."""

    kind: Literal["oauth1", "bearer"]
    user_id: str

    @property
    def is_user(self) -> bool:
        return self.kind == "oauth1"


class Gate:
    """The tokens that were given out, and the nonces that were used."""

    def __init__(self) -> None:
        self.tokens: dict[str, Tokens] = {}
        self._used: set[tuple[str, str, str]] = set()

    def tokens_of(self, user_id: str) -> Tokens:
        return self.tokens.setdefault(user_id, new_tokens(user_id))

    def caller(self, method: str, host: str, target: str, authorization: str) -> Caller | None:
        """``target``: path and query as they came. None: not let in."""
        scheme, _, rest = authorization.partition(" ")
        if scheme == "Bearer":
            holders = (
                user for user, held in self.tokens.items() if hmac.compare_digest(held.BEARER_TOKEN, rest)
            )
            holder = next(holders, None)
            return None if holder is None else Caller("bearer", holder)
        if scheme == "OAuth":
            return self._signed(method, host, target, rest)
        return None

    def _signed(self, method: str, host: str, target: str, rest: str) -> Caller | None:
        given = _header(rest)
        user = next(
            (
                user
                for user, held in self.tokens.items()
                if (given.get("oauth_consumer_key"), given.get("oauth_token"))
                == (held.CONSUMER_KEY, held.ACCESS_TOKEN)
            ),
            None,
        )
        if user is None or not _well_formed(given):
            return None
        expected = signature(method, host, target, given, self.tokens[user])
        if not hmac.compare_digest(expected, given["oauth_signature"]):
            return None
        use = (given["oauth_token"], given["oauth_timestamp"], given["oauth_nonce"])
        if use in self._used:
            return None
        self._used.add(use)
        return Caller("oauth1", user)


def _header(rest: str) -> dict[str, str]:
    """The fields of an Authorization header; none where one stands there twice."""
    fields: dict[str, str] = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        if unquote(name) in fields or not (len(value) > 1 and value[0] == value[-1] == '"'):
            return {}
        fields[unquote(name)] = unquote(value[1:-1])
    return fields


def _well_formed(given: dict[str, str]) -> bool:
    stamp = given.get("oauth_timestamp", "")
    return (
        given.get("oauth_signature_method") == "HMAC-SHA1"
        and given.get("oauth_version", "1.0") == "1.0"
        and bool(given.get("oauth_nonce"))
        and "oauth_signature" in given
        and stamp.isascii()
        and stamp.isdigit()
        and abs(int(stamp) - time.time()) <= TOLERANCE
    )


def signature(method: str, host: str, target: str, given: dict[str, str], tokens: Tokens) -> str:
    """RFC 5849, 3.4: over the method, the address without query, and all parameters, sorted after encoding."""
    path, _, query = target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    pairs += [pair for pair in given.items() if pair[0] not in {"oauth_signature", "realm"}]
    encoded = sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in encoded)
    base = "&".join((method.upper(), _encoded(f"http://{host.lower()}{path}"), _encoded(parameters)))
    key = f"{_encoded(tokens.CONSUMER_SECRET)}&{_encoded(tokens.ACCESS_TOKEN_SECRET)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
