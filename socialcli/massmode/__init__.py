"""Mass mode (K1): while it is on for an open incident, ``incident.mode`` decides who of its customers is answered one to
one. It is switched on by a person, ends by itself, and holds nobody back for longer.
"""

from socialcli.massmode.gating import against, is_held, tell, told
from socialcli.massmode.standing import held, state
from socialcli.massmode.switching import require_open, switched_off, switched_on

__all__ = [
    "against",
    "held",
    "is_held",
    "require_open",
    "state",
    "switched_off",
    "switched_on",
    "tell",
    "told",
]
