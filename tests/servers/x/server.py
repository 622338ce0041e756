"""The socket side: requests read, answers written, or not written, or half."""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.x.control import Control
from tests.servers.x.faults import Answer, json_answer
from tests.servers.x.world import Arrived, World

_CONTROL = "/_control/"


class XServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1. ``secret`` opens the control interface."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secret = secret
        self.world = World()
        self.control = Control(self.world)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: XServer

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith(_CONTROL):
            self._send(self._controlled(body))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.world.answer(Arrived(self.command, _local(self.path), headers, body))
        if answer.delivery in {"whole", "half"}:
            self._send(answer)
        else:
            self._withhold(answer)

    def __getattr__(self, name: str) -> Any:
        """Any method is served; which there are is the routes' matter."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _controlled(self, body: bytes) -> Answer:
        if self.headers.get("X-Control") != self.server.secret:
            return json_answer(403, {"error": "not yours to control"})
        try:
            result = self.server.control.do(self.path.removeprefix(_CONTROL), json.loads(body or b"{}"))
        except (ValueError, KeyError) as error:
            return json_answer(400, {"error": str(error)})
        return json_answer(200, {"result": result})

    def _send(self, answer: Answer) -> None:
        half = answer.delivery == "half"
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if half:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if half else answer.body)
        self.wfile.flush()

    def _withhold(self, answer: Answer) -> None:
        """No byte goes out."""
        self.close_connection = True
        if answer.delivery == "silence":
            while self.connection.recv(4096):
                pass
        elif answer.delivery == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            os.close(self.connection.detach())

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The server's own clock also in the ``Date`` of an answer."""
        return super().date_time_string(timestamp or self.server.world.state.now().timestamp())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Requests are recorded, not logged."""


def _local(target: str) -> str:
    """The path and query; of an absolute address too, which is what a client sends that takes us for its proxy."""
    scheme, _, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if scheme == "http" else target
