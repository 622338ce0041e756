"""Records as text for people. On a terminal: colour, width, private data masked. Off it: tabs, full values.

Whatever strangers wrote passes through ``harmless`` here, and only here. One module a subject; commands use
what stands in the list below.
"""

from __future__ import annotations

from socialcli.render.assessment import assessments, why
from socialcli.render.draft import check_lines, draft_lines, drafts, reaches
from socialcli.render.event import event_line, events
from socialcli.render.screen import Mask, at, columns, cut, paint
from socialcli.render.setup import fetched, health, made, rules
from socialcli.render.statement import statements
from socialcli.render.ticket import due, ticket_page, tickets

__all__ = [
    "Mask",
    "assessments",
    "at",
    "check_lines",
    "columns",
    "cut",
    "draft_lines",
    "drafts",
    "due",
    "event_line",
    "events",
    "fetched",
    "health",
    "made",
    "paint",
    "reaches",
    "rules",
    "statements",
    "ticket_page",
    "tickets",
    "why",
]
