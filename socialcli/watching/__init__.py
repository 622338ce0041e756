"""watching: the spread check of a fetch. What was just heard joins the incidents that it belongs to, and where
many customers write of one thing that nobody knows of yet, an incident is suspected.

The check looks once, at the time of the fetch, at what was written shortly before: a history that is read in
raises no alarm for what is long past. It is not needed for anything else, so a fault in it is told and no more.
"""

from socialcli.watching.checking import watch
from socialcli.watching.opening import reason_of, tell_of_the_unread, wanted
from socialcli.watching.stepping import begun, joined, massed, turned

__all__ = ["begun", "joined", "massed", "reason_of", "tell_of_the_unread", "turned", "wanted", "watch"]
