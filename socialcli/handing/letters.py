"""A mail as strangers send it, read with care: who wrote it, what it answers, what is new in it. Pure.

Broken MIME, unknown charsets and nonsense in headers are what mail is made of: what can be read is read, and nothing
in a mail is obeyed. Attachments are named, not taken.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from email import errors, message_from_bytes, utils
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from hashlib import blake2b

from msgspec import Struct

from socialcli.handing.quoting import new_words
from socialcli.handing.stripping import plain_text
from socialcli.text.clean import clean, harmless

MOST = 25 << 20  # bytes of a mail
_MOST_PARTS = 200  # nested ones cost time that grows with their number,
_MOST_LOOKS = 20_000_000  # since each line is compared with the end of each
_MOST_HEADER = 4000  # characters that are looked at
_MOST_TEXT = 20_000  # characters that are kept
_MOST_IDS = 100
_MOST_NAMES = 10  # attachments that are named
_LONGEST_NAME = 100
_LONGEST_ADDRESS = 254
_NESTING = re.compile(rb"multipart/|message/", re.IGNORECASE)
_IDS = re.compile(r"<([^<>\s]{1,998})>")
# What the library raises at nonsense.
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_CHARSETS = ("utf-8", "latin-1")
# They are codecs, and no charsets of mail; the time of the first two grows with the square of a text.
_NO_CHARSETS = ("idna", "punycode", "unicode-escape", "raw-unicode-escape")
_POSTMEN = ("mailer-daemon", "postmaster")
_ROBOTS = ("bulk", "junk", "list", "auto_reply", "auto-reply")


class LetterError(ValueError):
    """It is no mail that can be read; the message says why."""


class _Short(Compat32):
    """Headers are cut at once: the library takes time for their parameters that grows with the square of them."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:_MOST_HEADER]


class Letter(Struct, frozen=True):
    """``key``: a hash of its Message-ID, by which it is known again. ``answers``: ids that it names, without angle
    brackets, the nearest first. ``automatic``: no person wrote it. ``bounced``: a mail of ours did not arrive.
    """

    key: str
    message_id: str
    sender: str
    subject: str
    answers: tuple[str, ...]
    text: str
    attachments: tuple[str, ...] = ()
    automatic: bool = False
    bounced: bool = False


def read(raw: bytes) -> Letter:
    """Raises LetterError."""
    if len(raw) > MOST:
        raise LetterError("is larger than 25 MB")
    parts = len(_NESTING.findall(raw))
    if parts > _MOST_PARTS or parts * raw.count(b"\n") > _MOST_LOOKS:
        raise LetterError("has too many parts")
    try:
        mail = message_from_bytes(raw, policy=_Short())
        return _letter(mail, raw)
    except (errors.MessageError, *_BROKEN) as error:
        if isinstance(error, LetterError):
            raise
        raise LetterError(f"is no mail that can be read ({type(error).__name__})") from error


def _letter(mail: Message, raw: bytes) -> Letter:
    sender = _address(_header(mail, "From"))
    if not sender and not mail.keys():
        raise LetterError("is no mail: it has no header")
    ids = _IDS.findall(_raw_header(mail, "Message-ID"))
    bounced = _is_bounce(mail, sender)
    answers = [*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))]
    if bounced:
        answers += [one for part in mail.walk() for one in _named_in(part)]
    text, names = _content(mail)
    return Letter(
        key=blake2b((ids[0].encode("utf-8", "replace") if ids else raw), digest_size=12).hexdigest(),
        message_id=ids[0] if ids else "",
        sender=harmless(clean(sender))[:_LONGEST_ADDRESS] or "nobody",
        subject=harmless(clean(_header(mail, "Subject")))[:_MOST_HEADER],
        answers=tuple(dict.fromkeys(answers))[:_MOST_IDS],
        text=text,
        attachments=tuple(names),
        automatic=_is_automatic(mail),
        bounced=bounced,
    )


# ------------------------------------------------------------------------------------------------- headers


def _raw_header(mail: Message, name: str) -> str:
    return str(mail.get(name) or "")[:_MOST_HEADER]


def _header(mail: Message, name: str) -> str:
    """Decoded; what cannot be decoded stays as it is."""
    raw = _raw_header(mail, name)
    try:
        parts = [
            _decoded(part, charset) if isinstance(part, bytes) else part
            for part, charset in decode_header(raw)
        ]
    except (errors.MessageError, *_BROKEN):
        return raw
    return " ".join("".join(parts).split())


def _ids(mail: Message, name: str) -> list[str]:
    return _IDS.findall(_raw_header(mail, name))[-_MOST_IDS:]


def _named_in(part: Message) -> list[str]:
    """The Message-ID of the mail that comes back, wherever the report holds its header."""
    if part.get_content_type() not in ("text/rfc822-headers", "message/rfc822"):
        return []
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return _IDS.findall(_raw_header(inner[0], "Message-ID"))
    found = re.search(
        r"^message-id:[ \t]*(<[^<>\s]{1,998}>)", _text_of(part)[:_MOST_TEXT], re.IGNORECASE | re.MULTILINE
    )
    return _IDS.findall(found[1]) if found else []


def _address(header: str) -> str:
    try:
        return utils.parseaddr(header)[1]
    except _BROKEN:
        return ""


def _is_report(mail: Message) -> bool:
    """Of delivery, or that it was read; a mail server or a program wrote it."""
    return mail.get_content_type() == "multipart/report"


def _is_bounce(mail: Message, sender: str) -> bool:
    if _is_report(mail):
        return "delivery-status" in str(mail.get_param("report-type") or "").lower()
    return _goes_nowhere(mail) and sender.partition("@")[0].lower() in _POSTMEN


def _goes_nowhere(mail: Message) -> bool:
    """Nobody is told if it does not arrive: so that two programs never answer each other for ever."""
    return _raw_header(mail, "Return-Path").strip() == "<>"


def _is_automatic(mail: Message) -> bool:
    if _is_report(mail) or _goes_nowhere(mail):
        return True
    submitted = _raw_header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    robot = _raw_header(mail, "Precedence").strip().lower() in _ROBOTS
    return submitted not in ("", "no") or robot or bool(mail.get("X-Autoreply") or mail.get("X-Autorespond"))


# ------------------------------------------------------------------------------------------------- content


def _content(mail: Message) -> tuple[str, list[str]]:
    """What is new in it, and the names of what is attached."""
    plain, html, names = "", "", []
    for part in _parts(mail):
        kind = part.get_content_type()
        name = _filename(part)
        if name is not None or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            names.append(_name(name, kind))
        elif kind == "text/plain" and not plain:
            plain = _text_of(part)
        elif kind == "text/html" and not html:
            html = _text_of(part)
    text = plain if plain.strip() else plain_text(html)
    text = new_words(text).strip()
    if len(text) > _MOST_TEXT:
        text = f"{text[:_MOST_TEXT]}\n[cut: the mail is longer]"
    return text, names[:_MOST_NAMES]


def _parts(mail: Message) -> Iterator[Message]:
    """The leaves. What a mail holds as another mail is an attachment."""
    if mail.get_content_maintype() == "message" or not mail.is_multipart():
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _filename(part: Message) -> str | None:
    try:
        return part.get_filename()
    except (errors.MessageError, *_BROKEN):
        return "attachment"


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return clean(_decoded(payload, part.get_content_charset())).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes, charset: str | None) -> str:
    """By its charset, else by what it is most likely in."""
    for name in (charset or "ascii", *_CHARSETS):
        try:
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _name(name: str | None, kind: str) -> str:
    return harmless(clean(" ".join(str(name or kind).split())))[:_LONGEST_NAME]
