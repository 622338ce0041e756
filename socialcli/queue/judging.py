"""What is wrong with a single line of the journal or of an archive, by its bytes and by what the fold said."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import msgspec

from socialcli.queue import findings
from socialcli.queue.findings import Kind, is_stray
from socialcli.queue.journal import VERSION, Line, agrees, decode_line, is_sealed

Fault = tuple[Kind, str]
_MARK = b"\xef\xbb\xbf"
_WHITE = b" \t\r"
_LONG = 16 << 20  # bytes
_FIELDS = frozenset(Line.__struct_fields__)
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def bare(raw: bytes) -> bytes:
    """A line without what some editors put around it: a byte order mark, white space, a carriage return."""
    return raw.strip(_WHITE).removeprefix(_MARK).strip(_WHITE)


def plain(raw: bytes) -> bytes:
    """The same line without them, and as long: spaces fill it up."""
    return bare(raw).ljust(len(raw))


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
            faults.append(fault)
        elif line is not None:
            marked = any(kind is findings.BYTE_ORDER_MARK for kind, _ in faults)
            faults += self._of_event(line, None if marked else self._refused.get(place))
            faults += self._of_text(line, raw)
        return line, faults

    def _of_event(self, line: Line, reason: str | None) -> Iterator[Fault]:
        if reason is not None and is_stray(reason):
            yield findings.STRAY, f"{reason}: the line that it needs is not there, so it was passed over"
        elif reason is not None:
            yield findings.NO_EVENT, f"an event without what it must have: {reason}"
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
        return findings.NO_EVENT, f"an event without what it must have: {error}"
    return findings.NOT_JSON, f"not JSON: {error}"


def _not_utf8(line: bytes) -> int | None:
    """Which byte of the line, from 1, is no UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.start + 1
    return None
