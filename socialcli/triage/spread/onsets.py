"""Where counts alone leave the brand's rhythm: when, not why. A joke is a burst too."""

from __future__ import annotations

from msgspec import Struct

from socialcli.triage.spread.rhythm import BUCKET, DAY, Counts, Rhythm, in_buckets

# Deviations above the usual half hour from which on it is a burst. On labelled series of five brands (`make
# eval`) any figure from 4.5 to 7 finds the same windows; false alarms fall from 0.7 a brand-week to 0.3.
UNUSUAL = 5.0
_SAME = 8 * 3600  # seconds without a burst after which the next one is another
_WARMING = DAY  # what is usual is not known before


class Onset(Struct, frozen=True, gc=False):
    """The beginning of a burst. ``at``: the epoch second at which it could be seen; ``above``: deviations."""

    at: int
    above: float


def bursts(counts: Counts, zone: str = "UTC") -> list[Onset]:
    """Onsets in the order of time; ``counts`` and ``zone`` as for ``Rhythm.of``. Each is judged by what came
    before it alone, so that the same counts cut off later give the same beginnings.
    """
    known = dict(counts)
    rhythm, onsets = Rhythm(zone), list[Onset]()
    last, first = -_SAME, min(known, default=0)
    for at, count in in_buckets(known, first, max(known, default=0) + BUCKET):
        above = rhythm.take(at, count)
        if above <= UNUSUAL or at - first < _WARMING:
            continue
        if at - last > _SAME:
            onsets.append(Onset(at + BUCKET, round(above, 1)))
        last = at
    return onsets
