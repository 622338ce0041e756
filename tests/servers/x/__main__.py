"""The process: says where it listens, serves until its standard input ends."""

from __future__ import annotations

import secrets
import sys
import threading

from tests.servers.x.server import XServer


def main() -> None:
    secret = secrets.token_hex(16)
    server = XServer(secret)
    sys.stdout.write(f"{server.server_address[1]} {secret}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
