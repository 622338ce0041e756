"""Spread: one problem of many customers, seen while it begins. Pure: texts and counts in, suspicions out.

How ``fetch`` asks:

    rhythm = Rhythm.of(counts, zone, now)        # inbound messages per five minutes, some weeks of them
    spread = Spread(policy)
    if spread.worth_a_look(authors):             # distinct authors within the last ``spread.reach`` seconds
        suspicions = spread.suspect(heard, rhythm, now, known)
    spread.joins(incident.words, incident.topic, heard)   # for each new message and incident that is not over

``counts`` may leave out buckets without a message. ``heard``: inbound messages, oldest first, the last 2,000
or 14 days at most; those within ``spread.reach`` are examined, the older ones tell which words are usual.
"""

from socialcli.triage.spread.onsets import Onset, bursts
from socialcli.triage.spread.rhythm import BUCKET, Expected, Rhythm
from socialcli.triage.spread.suspecting import Spread

__all__ = ["BUCKET", "Expected", "Onset", "Rhythm", "Spread", "bursts"]
