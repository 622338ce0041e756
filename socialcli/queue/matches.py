"""Looking for words in the texts of messages; the full text is built when it is first asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from socialcli.queue.reads import Reads
from socialcli.queue.searching import Words, match_expression


class Searches(Reads):
    def find(self, words: str) -> Iterator[int]:
        """Numbers of the tickets with a message, in or out, that holds all the words: that read in last first; a
        ticket may come several times. Texts that were deleted or erased are not found.

        Raises UsageError where there is no word.
        """
        expression = match_expression(words)
        if not self._fresh:
            self.refresh()
        found = Words(self.index.db)
        if not found.built:
            found = self._build()
        return found.find(expression)

    def _build(self) -> Words:
        try:
            return self._build_here()
        except sqlite3.OperationalError:  # full, or read-only: what cannot be kept is made for this run
            self.index.in_memory = True
            self.index.close()
            self.refresh()
        return self._build_here()

    def _build_here(self) -> Words:
        """In one transaction: all of it or nothing."""
        db = self.index.db
        db.execute("BEGIN IMMEDIATE")
        try:
            words = Words(db)
            if not words.built:  # another process may have been faster
                words.build(self._masked_chunks())
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        return words

    def _masked_chunks(self) -> Iterator[list[tuple[int, bytes]]]:
        for chunk in self.index.chunks():
            yield [(place, self._masked(raw)) for place, raw in chunk]
