"""simulating: what another policy would make of the queue as it stands, or of a journal played again. Reads only."""

from socialcli.simulating.moves import Moves
from socialcli.simulating.replaying import Replay
from socialcli.simulating.sides import Side, other_policy
from socialcli.simulating.whatif import what_if

__all__ = ["Moves", "Replay", "Side", "other_policy", "what_if"]
