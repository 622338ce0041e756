"""Offline and back: what is proposed, what is owed when a matter was settled, and what may be said afterwards."""
