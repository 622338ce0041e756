"""Entries of the knowledge base, and what a search in it finds."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Entry(Struct, frozen=True, tag_field="type", tag="kb"):
    """A question as customers put it, and our answer. ``language``: two letters, None where it is not said."""

    id: str
    question: str
    answer: str
    link: str | None = None
    topic: str | None = None
    language: str | None = None


class Because(Struct, frozen=True):
    """Why an entry fits. ``words``: as they stand in what was asked; "" where the language or topic counted."""

    where: Literal["question", "answer", "topic", "language"]
    words: str
    points: float


class Match(Struct, frozen=True, tag_field="type", tag="kb-match"):
    """An entry that fits, the better the higher its ``score`` is. ``covered``: the share (0 to 1) of what its
    question asks that stands in the text too.
    """

    entry: Entry
    score: float
    covered: float
    because: tuple[Because, ...]


class Imported(Struct, frozen=True, tag_field="type", tag="kb-import"):
    """What a file brought: rows that were read; entries that are new, or known; rows that are none."""

    read: int
    new: int
    known: int
    rejected: int
