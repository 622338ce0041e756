"""Answers of a network that nobody should meet: pages laid before the channel by a server of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from socialcli.channels.x.channel import XChannel
from tests.channels.x.conftest import Desk

ME = {"data": {"id": "8", "username": "NorthlineAir"}}
PEOPLE = {"users": [{"id": "7", "username": "cust1", "name": "Marta Ruiz"}]}


def post(post_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": post_id,
        "text": "@NorthlineAir where is my bag?",
        "created_at": "2026-11-20T10:00:00Z",
        "author_id": "7",
        **changes,
    }


def page(*posts: Any, **changes: Any) -> dict[str, Any]:
    return {"data": list(posts), "includes": PEOPLE, "meta": {"result_count": len(posts)}, **changes}


@contextmanager
def network_of(desk: Desk, answers: dict[str, Any]) -> Iterator[XChannel]:
    """A channel to a network whose answers are these, by the end of the path; everything else has no rows."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            found: Any = next((one for end, one in answers.items() if path.endswith(end)), {"meta": {}})
            body = (
                found
                if isinstance(found, bytes)
                else json.dumps(ME if path.endswith("/me") else found).encode()
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that the library calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield desk.channel(base_url=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
