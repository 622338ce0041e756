"""One mail to a mail server. What is certain is told apart from what is not: up to the end of the mail nothing has
gone out; from there on only the server's word counts.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from socialcli.errors import CredentialsError, SocialError, TemporaryError
from socialcli.handing.faults import UnclearError
from socialcli.model.times import spelled
from socialcli.policy.schema import Mail
from socialcli.text.clean import clean, harmless

_TOLD = 200  # characters of the server's words in a message
_TAKEN = range(200, 300)
_FOR_GOOD = range(500, 600)
_NO = range(400, 600)
_AGAIN = "nothing was sent and nothing is lost: run the same command again later"


class RefusedMailError(SocialError):
    """The server will not have it: it certainly did not go out."""


class NoServerError(TemporaryError):
    """The server is down, slow, or asks to come again: it certainly did not go out."""


def send(server: Mail, password: str, to: Sequence[str], content: bytes) -> None:
    """Send ``content``, a whole mail, from ``server.from_`` to all of ``to`` or to nobody.

    Raises RefusedMailError, CredentialsError and NoServerError where it certainly did not go out, UnclearError.
    """
    talk = _Talk(server, password)
    try:
        talk.open()
        talk.address(to)
        talk.deliver(content)
    except (smtplib.SMTPException, OSError) as error:
        raise talk.failure(error) from error
    finally:
        talk.close()


def try_login(server: Mail, password: str) -> None:
    """Whether the server lets us in; nothing is sent. Raises RefusedMailError, CredentialsError, NoServerError."""
    talk = _Talk(server, password)
    try:
        talk.open()
    except (smtplib.SMTPException, OSError) as error:
        raise talk.failure(error) from error
    finally:
        talk.close()


class _Limited:
    """The whole conversation has one limit, however slowly the server talks. ``late`` is set when it was cut off."""

    def __init__(self, *args: Any, late: threading.Event, **options: Any) -> None:
        self._late = late
        super().__init__(*args, **options)

    def connect(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self._watch = threading.Timer(self.timeout, self._cut)  # type: ignore[attr-defined]
        self._watch.daemon = True
        self._watch.start()
        return super().connect(*args, **options)  # type: ignore[misc, no-any-return]

    def _cut(self) -> None:
        self._late.set()
        with suppress(OSError, AttributeError):  # gone already, or not there yet
            self.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]

    def close(self) -> None:
        self._watch.cancel()
        super().close()  # type: ignore[misc]


class _Plain(_Limited, smtplib.SMTP):
    pass


class _Tls(_Limited, smtplib.SMTP_SSL):
    pass


class _Talk:
    def __init__(self, server: Mail, password: str) -> None:
        self._server = server
        self._password = password
        self._smtp: _Plain | _Tls | None = None
        self._late = threading.Event()
        self._name = f"mail server {server.host}:{server.port}"

    @property
    def smtp(self) -> smtplib.SMTP:
        assert self._smtp is not None  # noqa: S101 - opened first
        return self._smtp

    def open(self) -> None:
        server = self._server
        options: dict[str, Any] = {
            "local_hostname": server.from_.rpartition("@")[2],  # our own would have to be looked up
            "timeout": int(server.timeout),
            "late": self._late,
        }
        if server.security == "tls":
            self._smtp = _Tls(server.host, server.port, context=ssl.create_default_context(), **options)
        else:
            self._smtp = _Plain(server.host, server.port, **options)
        if server.security == "starttls":
            self.smtp.starttls(context=ssl.create_default_context())
        self.smtp.ehlo_or_helo_if_needed()
        if server.user:
            self._require_plain_letters()
            self.smtp.login(server.user, self._password)

    def _require_plain_letters(self) -> None:
        if not self._password.isascii():
            raise CredentialsError(
                f"{self._name}: the password holds other letters than those of ASCII, and cannot be sent",
                hint="let the server have another one, then: socialcli login --mail; nothing was sent",
            )

    def address(self, to: Sequence[str]) -> None:
        """All of them, or nobody."""
        code, words = self.smtp.mail(self._server.from_)
        if code not in _TAKEN:
            raise self._refused(code, words)
        answers = [(one, *self.smtp.rcpt(one)) for one in to]
        bad = [answer for answer in answers if answer[1] not in _TAKEN]
        if bad:
            self.smtp.rset()
            address, code, words = max(bad, key=lambda answer: answer[1])  # a no for good weighs more
            raise self._refused(code, words, f"{address}: ")

    def deliver(self, content: bytes) -> None:
        try:
            code, words = self.smtp.data(content)
        except smtplib.SMTPDataError:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise self._unclear() from error
        if self._late.is_set() or not (code in _TAKEN or code in _NO):  # no answer that means anything
            raise self._unclear()
        if code in _NO:
            raise self._refused(code, words)
        with suppress(smtplib.SMTPException, OSError):
            self.smtp.quit()

    def _unclear(self) -> UnclearError:
        return UnclearError(
            f"{self._name} fell silent while it took the mail",
            hint="ask whether it arrived; --again sends it anew under the same Message-ID",
        )

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()

    def failure(self, error: Exception) -> SocialError:
        """Every error of the library and the network as one of ours."""
        if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code in _FOR_GOOD:
            return CredentialsError(
                f"{self._name} does not let {self._server.user} in: {self._words(error.smtp_code, error.smtp_error)}",
                hint="check mail.user and the password; nothing was sent",
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refused(error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return RefusedMailError(
                f"{self._name} cannot do what is asked of it: {harmless(str(error))[:_TOLD]}",
                hint="check mail.security and mail.user; nothing was sent",
            )
        if isinstance(error, ssl.SSLCertVerificationError):
            why = harmless(error.verify_message)[:_TOLD]
            return RefusedMailError(
                f"{self._name}: its certificate is not trusted: {why}",
                hint="mail.host must be the name in the certificate; nothing was sent",
            )
        return NoServerError(f"{self._name}: {self._why(error)}", hint=_AGAIN)

    def _refused(self, code: int, words: bytes | str, whom: str = "") -> SocialError:
        if self._late.is_set():  # half an answer
            return NoServerError(f"{self._name}: {self._in_time()}", hint=_AGAIN)
        told = f"{self._name} says no: {whom}{self._words(code, words)}"
        if code in _FOR_GOOD:
            return RefusedMailError(told, hint="nothing was sent: mend it, then run the same command again")
        return NoServerError(told, hint=_AGAIN)

    def _words(self, code: int, words: bytes | str) -> str:
        """The server's words in one line; should it say a password back, that is left out."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        for secret in self._secrets():
            text = text.replace(secret, "...")
        return f"{code} {' '.join(harmless(clean(text)).split())[:_TOLD]}"

    def _in_time(self) -> str:
        return f"no answer within {spelled(int(self._server.timeout))}"

    def _secrets(self) -> Iterator[str]:
        """The password, alone and with the user, as both are said at a login."""
        if self._password:
            yield self._password
            for said in (self._password, f"\0{self._server.user}\0{self._password}"):
                yield b64encode(said.encode()).decode()

    def _why(self, error: Exception) -> str:
        if self._late.is_set() or isinstance(error, TimeoutError):
            return self._in_time()
        if isinstance(error, ConnectionRefusedError):
            return "nobody answers there"
        if isinstance(error, socket.gaierror):
            return "no such host"
        if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
            return "it hung up"
        return harmless(getattr(error, "strerror", None) or str(error) or type(error).__name__)[
            :_TOLD
        ].lower()
