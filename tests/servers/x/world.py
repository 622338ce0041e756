"""One request in, one answer out: who asks, is it allowed, what goes wrong, what is recorded."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tests.servers.x import names, refusals
from tests.servers.x.faults import Answer, Fault, Faults, json_answer
from tests.servers.x.limits import Limits
from tests.servers.x.parameters import checked
from tests.servers.x.reads import Request
from tests.servers.x.refusals import Refusal
from tests.servers.x.routes import Route, find_route
from tests.servers.x.signatures import Caller, Gate
from tests.servers.x.state import State

_UNANSWERED = ("nothing", "silence", "reset")


@dataclass(frozen=True)
class Arrived:
    """A request as it came in. ``target``: path and query; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def parsed_body(self) -> Any:
        """JSON, else text; None where there is none."""
        if not self.body:
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode(errors="replace")


class World:
    """All that the server holds, and the one lock on it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state = State()
        self.gate = Gate()
        self.faults = Faults()
        self.limits = Limits()
        self.new_names = False
        self.requests: list[dict[str, Any]] = []

    def answer(self, arrived: Arrived) -> Answer:
        """What goes out, with everything that it changes done and recorded."""
        with self.lock:
            found = find_route(arrived.method, arrived.path)
            caller = self._caller(arrived)
            fault = self.faults.take(found[0].name) if found else None
            answer = self._answer(arrived, found, caller, fault)
            self._record(arrived, found, caller, fault, answer)
            return answer

    def _caller(self, arrived: Arrived) -> Caller | None:
        authorization = arrived.headers.get("authorization", "")
        return self.gate.caller(
            arrived.method, arrived.headers.get("host", ""), arrived.target, authorization
        )

    def _answer(
        self,
        arrived: Arrived,
        found: tuple[Route, dict[str, str]] | None,
        caller: Caller | None,
        fault: Fault | None,
    ) -> Answer:
        if found is None:
            return json_answer(404, refusals.no_route())
        if caller is None:
            refusal = refusals.unauthorized()
            return json_answer(refusal.status, refusal.body)
        if fault is not None and not fault.lets_it_happen:
            return fault.instead(self.state.now().timestamp())
        answer = self._real(arrived, *found, caller)
        return answer if fault is None else fault.spoiled(answer)

    def _real(self, arrived: Arrived, route: Route, path: dict[str, str], caller: Caller) -> Answer:
        who = f"{caller.kind} {caller.user_id}"
        allowed, left = self.limits.spend(who, route.name, route.limit, self.state.now().timestamp())
        if not allowed:
            return json_answer(429, refusals.too_many(), left)
        try:
            if route.user_context and not caller.is_user:
                raise refusals.user_context_wanted()
            asked = checked(arrived.query, route.allowed, new=self.new_names)
            body = self._body(arrived)
            status, answer = route.status, route.answer(Request(self.state, caller, path, asked, body))
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        return json_answer(status, names.respelled(answer) if self.new_names else answer, left)

    def _body(self, arrived: Arrived) -> Any:
        if not arrived.body:
            return None
        if arrived.method not in {"POST", "PUT"}:
            raise refusals.invalid("body", arrived.method, "A body is not expected here")
        if arrived.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            message = "Requests with bodies must have content-type of application/json."
            raise refusals.invalid("content-type", arrived.headers.get("content-type"), message)
        try:
            return json.loads(arrived.body)
        except ValueError as error:
            raise refusals.invalid("body", "", f"The body is no JSON: {error}") from error

    def _record(
        self,
        arrived: Arrived,
        found: tuple[Route, dict[str, str]] | None,
        caller: Caller | None,
        fault: Fault | None,
        answer: Answer,
    ) -> None:
        given = "bad" if "authorization" in arrived.headers else "none"
        self.requests.append(
            {
                "method": arrived.method,
                "path": arrived.path,
                "query": dict(parse_qsl(arrived.query, keep_blank_values=True)),
                "headers": {
                    name: value for name, value in arrived.headers.items() if name != "authorization"
                },
                "auth": caller.kind if caller else given,
                "body": arrived.parsed_body(),
                "status": None if answer.delivery in _UNANSWERED else answer.status,
                "route": found[0].name if found else None,
                "fault": fault.kind if fault else None,
                "parameters": found[1] if found else {},
            }
        )
