"""What may go wrong on every way out."""

from __future__ import annotations

from socialcli.errors import TemporaryError


class UnclearError(TemporaryError):
    """It was on its way when everything fell silent: nobody knows whether it arrived."""
