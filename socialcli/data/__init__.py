"""Word lists and other data that ship."""

from __future__ import annotations

from pathlib import Path


def text_of(*parts: str) -> str:
    """A file of this folder. Read by its path: importlib.resources takes longer to import than a text to check."""
    return Path(__file__).parent.joinpath(*parts).read_text(encoding="utf-8")
