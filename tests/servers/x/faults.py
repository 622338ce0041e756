"""What goes wrong on demand: with which requests, how often, and what goes out instead of the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from tests.servers.x import refusals

Delivery = Literal["whole", "half", "nothing", "silence", "reset"]

# What each does. Those that begin with "accepted" let the request have its effect first; no other does.
KINDS = {
    "400": "a bad request with a problem of its own (title, detail)",
    "401": "the tokens are not taken",
    "402": "no credits",
    "403": "refused (detail)",
    "404": "not there",
    "429": "too many requests, with the usual headers (reset: seconds from now, 600)",
    "429-no-reset": "too many requests, without any header",
    "429-daily": "too many requests, with x-user-limit-24hour-* headers only (reset)",
    "429-garbage": "too many requests, and the reset header is no number",
    "500": "an HTML page",
    "503": "an HTML page",
    "not-json": "200 with an HTML page",
    "list-body": "an error status (status: 400) whose body is a JSON list",
    "errors-only": "200 with nothing but errors (title, detail)",
    "empty": "200 without a body",
    "redirect": "302 to another host (location)",
    "silent": "accepted by the socket, then nothing until the client goes",
    "reset": "the connection is reset without a byte",
    "truncated": "half of the answer's bytes, then the connection ends; only reads, use accepted-truncated else",
    "no-newest-id": "the answer without meta.newest_id",
    "accepted-no-answer": "the effect, then the connection is closed without a byte",
    "accepted-silent": "the effect, then nothing until the client goes",
    "accepted-reset": "the effect, then the connection is reset",
    "accepted-503": "the effect, then an HTML page with 503",
    "accepted-truncated": "the effect, then half of the answer",
    "accepted-not-json": "the effect, then an HTML page with the right status",
    "accepted-empty": "the effect, then the right status without a body",
}
_ALIASES = {"accepted-then-503": "accepted-503"}
_AFTER = ("truncated", "no-newest-id")  # these change the real answer of a read
_DELIVERIES: dict[str, Delivery] = {
    "silent": "silence",
    "reset": "reset",
    "truncated": "half",
    "accepted-no-answer": "nothing",
    "accepted-silent": "silence",
    "accepted-reset": "reset",
    "accepted-truncated": "half",
}
_HTML = b"<!DOCTYPE html><html><head><title>Over capacity</title></head><body><h1>Over capacity</h1></body></html>"


@dataclass(frozen=True)
class Answer:
    """What goes out: a status, headers, bytes, and how much of them arrives."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = "whole"


def json_answer(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    kind = "application/json; charset=utf-8" if status < 400 else "application/problem+json"
    return Answer(
        status, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": kind, **(headers or {})}
    )


@dataclass
class Fault:
    route: str  # a name or pattern
    kind: str
    times: int
    skip: int
    details: dict[str, Any]

    @property
    def lets_it_happen(self) -> bool:
        return self.kind.startswith("accepted") or self.kind in _AFTER

    def instead(self, now: float) -> Answer:
        """The answer in place of the real one; ``now`` in seconds since 1970."""
        if self.kind[:3].isdigit():
            return self._status(now)
        if self.kind == "not-json":
            return _page(200)
        if self.kind == "list-body":
            return json_answer(int(self.details.get("status", 400)), ["something", "is", "wrong"])
        if self.kind == "errors-only":
            return json_answer(200, {"errors": [self._problem(200, "Service Unavailable")]})
        if self.kind == "redirect":
            location = str(self.details.get("location", "http://elsewhere.invalid/2/tweets"))
            return Answer(302, b"", {"Location": location})
        return Answer(200, b"", {}, _DELIVERIES.get(self.kind, "whole"))

    def spoiled(self, answer: Answer) -> Answer:
        """The real answer as it goes out."""
        if self.kind in _DELIVERIES:
            return replace(answer, delivery=_DELIVERIES[self.kind])
        if self.kind == "no-newest-id":
            body = json.loads(answer.body)
            body.get("meta", {}).pop("newest_id", None)
            return replace(answer, body=json.dumps(body).encode())
        if self.kind == "accepted-empty":
            return replace(answer, body=b"")
        return _page(503 if self.kind == "accepted-503" else answer.status)

    def _problem(self, status: int, title: str) -> dict[str, Any]:
        problem = {"title": title, "detail": title, "type": "about:blank", "status": status}
        return problem | {
            name: self.details[name] for name in ("title", "detail", "type") if name in self.details
        }

    def _status(self, now: float) -> Answer:
        status = int(self.kind[:3])
        if status >= 500:
            return _page(status)
        if status == 429:
            return json_answer(429, refusals.too_many(), self._limit_headers(now))
        if status == 402:
            detail = "Your enrolled account does not have any credits to fulfill this request."
            problem = {
                "title": "CreditsDepleted",
                "detail": detail,
                "type": "https://api.x.com/2/problems/credits",
            }
            return json_answer(402, problem)
        titles = {400: "Invalid Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
        return json_answer(status, self._problem(status, titles[status]))

    def _limit_headers(self, now: float) -> dict[str, str]:
        reset = str(int(now) + int(self.details.get("reset", 600)))
        if self.kind == "429":
            return {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        if self.kind == "429-daily":
            name = "x-user-limit-24hour"
            return {f"{name}-limit": "1440", f"{name}-remaining": "0", f"{name}-reset": reset}
        return {"x-rate-limit-reset": "soon"} if self.kind == "429-garbage" else {}


def _page(status: int) -> Answer:
    return Answer(status, _HTML, {"Content-Type": "text/html; charset=utf-8"})


class Faults:
    """What is still to go wrong, in the order of asking."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, route: str, kind: str, times: int, skip: int, details: dict[str, Any]) -> None:
        """Raises ValueError for a kind that is none."""
        kind = _ALIASES.get(kind, kind)
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        self._waiting.append(Fault(route, kind, times, skip, details))

    def take(self, route: str) -> Fault | None:
        for fault in self._waiting:
            if not fnmatchcase(route, fault.route):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._waiting.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        self._waiting.clear()
