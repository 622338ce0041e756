"""Mail servers on loopback: a real one (aiosmtpd) that can be told to say no, and sockets that misbehave."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "northline", "correct horse battery"  # invented for the tests


class Post:
    """What came in, and what the server is to say: ``answers["RCPT"]`` and others, used up one by one."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.to: list[list[str]] = []
        self.senders: list[str] = []
        self.tls: list[bool] = []
        self.logins = 0
        self.answers: dict[str, list[str]] = {}
        self.port = 0

    @property
    def letters(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.mails]

    def _said(self, stage: str, usual: str) -> str:
        waiting = self.answers.get(stage)
        return waiting.pop(0) if waiting else usual

    # hooks of aiosmtpd

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self._said("MAIL", "250 OK")
        envelope.mail_from = address if answer.startswith("2") else None
        return answer

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self._said(f"RCPT {address}", self._said("RCPT", "250 OK"))
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._said("DATA", "250 taken")
        if answer.startswith("2"):
            self.mails.append(envelope.content)
            self.to.append(list(envelope.rcpt_tos))
            self.senders.append(envelope.mail_from)
            self.tls.append(session.ssl is not None)
        return answer

    def check(
        self, _server: Any, _session: Any, _envelope: Any, mechanism: str, auth_data: Any
    ) -> AuthResult:
        right = isinstance(auth_data, LoginPassword) and mechanism in ("PLAIN", "LOGIN")
        right = right and (auth_data.login, auth_data.password) == (USER.encode(), PASSWORD.encode())
        self.logins += right
        return AuthResult(success=right, handled=False)


@contextmanager
def post_office(
    *, login: bool = False, certificate: Path | None = None, from_the_start: bool = False
) -> Iterator[Post]:
    """A mail server; ``certificate`` (a PEM file with its key): it wants STARTTLS, or TLS ``from_the_start``."""
    post = Post()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # aiosmtpd's own, of its thread
        controller = Controller(
            post, hostname="127.0.0.1", port=0, authenticator=post.check if login else None, auth_required=login,
            auth_require_tls=certificate is not None and not from_the_start,
            **({"ssl_context": context} if from_the_start else {"tls_context": context, "require_starttls": bool(context)}),
        )  # fmt: skip
        with _free_port(controller) as port:
            post.port = port
            yield post


@contextmanager
def _free_port(controller: Controller) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


Act = Callable[[socket.socket], None]


@contextmanager
def rogue(act: Act) -> Iterator[int]:
    """A listening socket; ``act`` is what it does with each connection before it hangs up. Its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    act(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=10)


def silent(connection: socket.socket) -> None:
    """Says nothing, until the other side has had enough."""
    connection.recv(1)


def hangs_up(_connection: socket.socket) -> None:
    """Closes at once."""


def dies_after_the_mail(connection: socket.socket) -> None:
    """Takes the mail to its end and says nothing any more."""
    _talk_to_the_end(connection)


def silent_after_the_mail(connection: socket.socket) -> None:
    """Takes the mail to its end and keeps the line open."""
    _talk_to_the_end(connection)
    connection.recv(1)


def holds(arrived: threading.Event, go: threading.Event) -> Act:
    """Takes the mail to its end, and has it only once it may ``go``."""

    def act(connection: socket.socket) -> None:
        _talk_to_the_end(connection)
        arrived.set()
        go.wait(timeout=60)
        connection.sendall(b"250 taken\r\n")

    return act


def says_logins_back(connection: socket.socket) -> None:
    """Refuses a login, and says all of it back."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 ready\r\n")
    while line := lines.readline():
        if line.upper().startswith(b"EHLO"):
            connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
        else:
            connection.sendall(b"535 no: " + line.strip() + b"\r\n")


def nonsense_after_the_mail(connection: socket.socket) -> None:
    """Answers the end of the mail with something that means nothing there."""
    _talk_to_the_end(connection)
    connection.sendall(b"354 go on\r\n")
    connection.recv(1)


def drips(connection: socket.socket) -> None:
    """Never ends its first line, and is never silent for long."""
    connection.settimeout(0.05)
    while True:
        connection.sendall(b"2")
        try:
            if connection.recv(1) == b"":
                return
        except TimeoutError:
            continue


def _talk_to_the_end(connection: socket.socket) -> None:
    lines = connection.makefile("rb")
    connection.sendall(b"220 ready\r\n")
    while line := lines.readline():
        if line.upper().startswith(b"DATA"):
            connection.sendall(b"354 go on\r\n")
            while lines.readline() not in (b".\r\n", b""):
                pass
            return
        connection.sendall(b"250 OK\r\n")


def certificate(folder: Path) -> Path | None:
    """A self-made certificate for localhost with its key, in one file; None where nothing here can make one."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    key, made, both = folder / "key.pem", folder / "made.pem", folder / "server.pem"
    command = (
        openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", str(key), "-out", str(made),
    )  # fmt: skip
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both
