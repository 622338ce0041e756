"""From a conversation to its score. Pure: the same conversation and policy have the same score, byte for byte."""

from __future__ import annotations

from socialcli.model.score import Score, total
from socialcli.practising import speed, wording
from socialcli.practising.talk import Talk


def mark(talk: Talk) -> Score:
    """The criteria that this conversation can be marked by, each with its reason and what a good answer has."""
    parts = (
        *speed.first_answer(talk),
        *wording.right_act(talk),
        *wording.by_rules(talk),
        *speed.silence(talk),
        *wording.facts(talk),
        *wording.forbidden(talk),
        *wording.wording(talk),
    )
    return total(talk.name, parts)
