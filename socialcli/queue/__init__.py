"""The queue: a journal of events (the truth), folded into tickets (an index that may be thrown away)."""
