"""Records as text for people. On a terminal: colour, width, private data masked. Off it: tabs, full values.

Whatever strangers wrote passes through ``harmless`` here, and only here. One module a subject; commands use
what stands in the list below.
"""

from __future__ import annotations

from socialcli.render.assessment import assessments, why
from socialcli.render.draft import check_lines, draft_lines, drafts, reaches, waiting_drafts
from socialcli.render.event import event_lines, events
from socialcli.render.export import csv_lines
from socialcli.render.followup import follow_ups
from socialcli.render.organised import organised
from socialcli.render.plan import applied, plan_pages, plans, signed
from socialcli.render.promise import promises
from socialcli.render.screen import Mask, as_is, at, columns, cut, folded, paint
from socialcli.render.setup import fetched, health, made
from socialcli.render.statement import statements
from socialcli.render.ticket import due, ticket_page, tickets

__all__ = [
    "Mask",
    "applied",
    "as_is",
    "assessments",
    "at",
    "check_lines",
    "columns",
    "csv_lines",
    "cut",
    "draft_lines",
    "drafts",
    "due",
    "event_lines",
    "events",
    "fetched",
    "folded",
    "follow_ups",
    "health",
    "made",
    "organised",
    "paint",
    "plan_pages",
    "plans",
    "promises",
    "reaches",
    "signed",
    "statements",
    "ticket_page",
    "tickets",
    "waiting_drafts",
    "why",
]
