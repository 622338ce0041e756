"""HTTP to one base address and nowhere else: what tweepy sends through, in place of a plain session."""

from __future__ import annotations

import logging
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.exceptions import InvalidURL, RequestException

from socialcli import durable
from socialcli.channels.base import PostRefusedError
from socialcli.policy.schema import Account

X = "https://api.x.com"
_TWEEPYS = "https://api.twitter.com"  # a constant inside tweepy.Client.request
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CONNECT = 5.0  # seconds
_MOST = 32 << 20  # bytes of an answer: a page of a hundred long posts with all they refer to is below 4 MiB
_LOGGERS = ("tweepy", "requests", "requests_oauthlib", "oauthlib", "urllib3")


class TooLargeError(RequestException):
    """An answer without an end."""


class XSession(requests.Session):
    """Calls ``account.base_url`` only, whatever address it is given; follows no redirects, keeps no cookies,
    reads no netrc. Proxies of the environment are used, but never to reach this machine.

    ``answer`` is the last answer that came, whole where its status is 2xx.
    """

    def __init__(self, account: Account) -> None:
        super().__init__()
        _silence()
        self.base = (account.base_url or X).rstrip("/")
        self.answer: requests.Response | None = None
        self.auth = _as_it_is  # else requests takes a password from netrc, and puts it over our token
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._timeout = (_CONNECT, float(account.timeout))
        self._host = urlsplit(self.base).hostname or ""
        if urlsplit(self.base).scheme != "https" and self._host not in _LOOPBACK:
            raise PostRefusedError(
                f"{self.base}: plain http goes to this machine only", hint="write https://..."
            )

    def forget(self) -> None:
        """There was no answer yet."""
        self.answer = None

    def request(self, method: str, url: Any, *args: Any, **options: Any) -> requests.Response:
        """One request. The address is rewritten before it is signed, so that the signature covers the one
        really called.
        """
        self.forget()
        address = str(url)
        if address.startswith(f"{_TWEEPYS}/"):
            address = self.base + address.removeprefix(_TWEEPYS)
        options |= {"timeout": self._timeout, "allow_redirects": False, "stream": True}
        if self._host in _LOOPBACK:
            options["proxies"] = {"no_proxy": self._host}
        durable.step("network:before")
        answer = super().request(method, address, *args, **options)
        try:
            _read_whole(answer)
        finally:
            answer.close()
        self.answer = answer
        durable.step("network:answered")
        return answer

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """The last door: nothing leaves to another address."""
        if not (request.url or "").startswith(f"{self.base}/"):
            raise InvalidURL(f"not an address of {self.base}")
        return super().send(request, **options)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _read_whole(answer: requests.Response) -> None:
    """Read the body into memory, within bounds. Of a refusal the status is enough."""
    body = bytearray()
    try:
        for block in answer.iter_content(1 << 16):
            body += block
            if len(body) > _MOST:
                raise TooLargeError(f"an answer of more than {_MOST >> 20} MiB")
    except RequestException:
        if answer.ok and not answer.is_redirect:
            raise
        body.clear()
    answer._content = bytes(body)  # noqa: SLF001 - where requests itself keeps what it has read


def _silence() -> None:
    """These log whole requests, with the tokens in them, to whoever listens."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
