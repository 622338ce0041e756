"""Experts: people who know more than the desk. A question to one goes out with the conversation, puts the ticket on
hold, has a time by which it should be answered, and its answer comes back into the ticket.

The question is in the journal before it goes out, so a crash between leaves one that is asked and was not sent: the
same command again sends it. Asked twice it is the same question.
"""

from __future__ import annotations

from socialcli.experts.answering import answer
from socialcli.experts.asking import Ask, Outcome, ask
from socialcli.experts.directory import directory
from socialcli.experts.questions import of_ticket, open_questions

__all__ = ["Ask", "Outcome", "answer", "ask", "directory", "of_ticket", "open_questions"]
