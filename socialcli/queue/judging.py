"""What is wrong with a single line of the journal or of an archive, by its bytes and by what the fold said."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

import msgspec

from socialcli.queue import findings
from socialcli.queue.findings import Kind, is_stray, without_values
from socialcli.queue.journal import VERSION, Line, agrees, decode_line, is_sealed, moment_of, placed, sealed

Fault = tuple[Kind, str]
_MARK = b"\xef\xbb\xbf"
_WHITE = b" \t\r"
_LONG = 16 << 20  # bytes
_FIELDS = frozenset(Line.__struct_fields__)
# Where the checksum stands, whatever its name became.
_LIKE_A_SEAL = re.compile(rb',"[^"]{3}":"[^"]{8}"\}$')
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def bare(raw: bytes) -> bytes:
    """A line without what some editors put around it: a byte order mark, white space, a carriage return."""
    return raw.strip(_WHITE).removeprefix(_MARK).strip(_WHITE)


def plain(raw: bytes) -> bytes:
    """The same line without them, and as long: spaces fill it up."""
    return bare(raw).ljust(len(raw))


def resealed(raw: bytes, place: int | None = None) -> bytes | None:
    """A line that is an event, although some byte was changed, with the right checksum and as long as before;
    None for a line that is none. ``place``: where it was first written, if that is known.
    """
    line = bare(raw)
    if place is not None:
        line = placed(line, place)
    made = sealed(line if is_sealed(line) else _LIKE_A_SEAL.sub(b"}", line))
    if len(made) != len(line) or not is_good(made) or moment_of(made) is None:
        return None
    return made.ljust(len(raw))


class Judge:
    """``refused``: place of a line -> why the fold passed it over. ``newer``: names of events that this release
    does not know. ``erased``: id of each line that a tombstone names -> what its customer is called since.
    """

    def __init__(
        self, refused: Mapping[int, str], newer: Container[str], erased: Mapping[str, str | None]
    ) -> None:
        self._refused = refused
        self._newer = newer
        self._erased = erased

    def judge(self, raw: bytes, place: int) -> tuple[Line | None, list[Fault]]:
        """The event in a line that is not all white space, if it can be believed; and everything to be said."""
        faults = list(_around(raw))
        line, fault = read(bare(raw))
        if fault is not None:
            kind, detail = fault
            if kind is findings.CHANGED and self._counts(raw, place):
                kind = findings.READABLE
            faults.append((kind, detail))
        elif line is not None:
            marked = any(kind is findings.BYTE_ORDER_MARK for kind, _ in faults)
            faults += self._of_event(line, None if marked else self._refused.get(place))
            faults += self._of_text(line, raw)
        return line, faults

    def _counts(self, raw: bytes, place: int) -> bool:
        """Whether the fold takes a line with a changed byte, and will when its checksum is right again."""
        made = resealed(raw)
        if made is None or place in self._refused or not raw.startswith(b"{"):
            return False
        event = decode_line(bare(made))
        return event.event not in self._newer and event.v <= VERSION

    def _of_event(self, line: Line, reason: str | None) -> Iterator[Fault]:
        if reason is not None and is_stray(reason):
            yield findings.STRAY, f"{reason}: the line that it needs is not there, so it was passed over"
        elif reason is not None:
            yield findings.NO_EVENT, f"an event without what it must have: {without_values(reason)}"
        elif line.event in self._newer or line.v > VERSION:
            yield findings.NEWER, f'"{line.event}" is of a newer release: kept, and passed over'

    def _of_text(self, line: Line, raw: bytes) -> Iterator[Fault]:
        if line.id not in self._erased:
            return
        from socialcli.queue.erasing import blank

        customer = self._erased[line.id]
        if bare(blank(bare(raw), customer)) == bare(raw):
            return
        if customer is None:
            yield findings.DELETED_TEXT, "a deleted message: nobody sees its words, which still stand here"
        else:
            yield (
                findings.ERASED_TEXT,
                "the words of an erased customer stand here: a merge brought them back",
            )


def _around(raw: bytes) -> Iterator[Fault]:
    """What stands around a line, and its length."""
    if raw.endswith(b"\r"):
        yield findings.CRLF, "the line ends as on Windows (CRLF)"
    if raw.strip(_WHITE).startswith(_MARK):
        yield findings.BYTE_ORDER_MARK, "a byte order mark stands before the line, so it was passed over"
    if len(raw) > _LONG:
        yield findings.LONG, f"the line is {len(raw):,} bytes long"


def read(line: bytes) -> tuple[Line | None, Fault | None]:
    """A bare line as an event, or what is wrong with its bytes."""
    try:
        event = decode_line(line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return None, _unreadable(line, error)
    if is_sealed(line):
        if not agrees(line):
            return None, (findings.CHANGED, "bytes of it were changed: its checksum does not agree")
        return event, None
    if (place := _not_utf8(line)) is not None:
        return None, (findings.NOT_UTF8, f"not UTF-8 (byte {place})")
    if not _decode_fields(line).keys() <= _FIELDS:
        return None, (findings.CHANGED, "bytes of it were changed: where its checksum should stand is none")
    return event, None


def is_good(raw: bytes) -> bool:
    """Whether a line is an event whose bytes are as they were written."""
    return read(bare(raw))[1] is None


def _unreadable(line: bytes, error: Exception) -> Fault:
    if b"\0" in line:
        return findings.NUL, f"{line.count(0):,} NUL bytes, as some file systems leave after a power cut"
    if (place := _not_utf8(line)) is not None:
        return findings.NOT_UTF8, f"not UTF-8 (byte {place})"
    if isinstance(error, msgspec.ValidationError):
        return findings.NO_EVENT, f"an event without what it must have: {without_values(str(error))}"
    return findings.NOT_JSON, f"not JSON: {without_values(str(error))}"


def _not_utf8(line: bytes) -> int | None:
    """Which byte of the line, from 1, is no UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.start + 1
    return None
