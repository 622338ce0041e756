"""Holding somebody off: what triage has against them, what the network does of it, and how it is taken back.

Criticism is never held off. There is no way around it but a person's word on what a message is
(``triage --set``), which the journal keeps with its reason. Whoever is held off still reaches the queue, and
is answered there like everybody else.
"""

from socialcli.protecting.steps import Step, Wish, expired, lift, plan, restrict
from socialcli.protecting.suspects import Suspect, of_handle, of_ticket

__all__ = ["Step", "Suspect", "Wish", "expired", "lift", "of_handle", "of_ticket", "plan", "restrict"]
