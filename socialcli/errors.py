"""The tree of our own errors: one class per situation, message inside, exit code and next step on it.

It knows nothing of Click and imports nothing of ours. ``cli.main`` is the one place that catches.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar, Self


class Exit(IntEnum):
    """Exit codes, a contract with scripts (the meaning stands beside each)."""

    DONE = 0, "done (also: waits for approval; nothing to do)"
    FAILED = 1, "failed: disk full, read-only, unexpected"
    USAGE = 2, "usage: wrong option or value, missing or unreadable file, unknown column"
    REFUSED = 3, "refused by a check or a policy"
    CREDENTIALS = 4, "credentials missing or rejected"
    NOT_FOUND = 5, "no such ticket, draft, account, agent, template, rule, incident or handle"
    CONFLICT = 6, "conflict: claimed, answered or changed by somebody else; the queue is locked"
    INVALID = 7, "policies.toml, a template, a queue line or an input record is invalid"
    PARTLY = 8, "partly done: some accounts, rows or items failed, each listed"
    TEMPORARY = 75, "temporary: network, rate limit, out of credits, outcome still unknown; run again later"
    INTERRUPTED = 130, "stopped by Ctrl-C; the queue is whole"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class SocialError(Exception):
    """Root of our own errors. ``message`` names the thing and the place, ``hint`` the next step."""

    exit_code: ClassVar[Exit] = Exit.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SocialError):
    """A wrong option, value, file or column."""

    exit_code = Exit.USAGE


class RefusedError(SocialError):
    """A check or the policy says no."""

    exit_code = Exit.REFUSED


class CredentialsError(SocialError):
    exit_code = Exit.CREDENTIALS


class NotFoundError(SocialError):
    """``kind`` is what was looked for ("ticket", "agent", ...), ``name`` what was typed."""

    exit_code = Exit.NOT_FOUND

    def __init__(self, kind: str, name: str, *, known: tuple[str, ...] = (), hint: str = "") -> None:
        if known and not hint:
            hint = f"known: {', '.join(known)}"
        super().__init__(f'no {kind} "{name}"', hint=hint)
        self.kind = kind
        self.name = name


class ConflictError(SocialError):
    """Somebody else was faster, or holds what we need."""

    exit_code = Exit.CONFLICT


class InvalidError(SocialError):
    """Files of the user's with mistakes: all of them together, each with its place."""

    exit_code = Exit.INVALID

    def __init__(self, message: str, mistakes: tuple[str, ...] = (), *, hint: str = "") -> None:
        super().__init__("\n".join((message, *(f"  {mistake}" for mistake in mistakes))), hint=hint)
        self.mistakes = mistakes


class StorageError(SocialError):
    """The disk said no: full, read-only, an I/O error."""

    exit_code = Exit.FAILED


class PartlyError(SocialError):
    """Some of several went well, and some did not: the message lists these."""

    exit_code = Exit.PARTLY


class TemporaryError(SocialError):
    """The same command may succeed later."""

    exit_code = Exit.TEMPORARY
