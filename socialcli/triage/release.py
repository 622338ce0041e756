"""Which words this release reads by: two releases whose lists or weights differ may decide otherwise."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib import resources

_BYTES = 4


@cache
def words_digest() -> str:
    """Of all word lists and weights that ship (under 1 MB together, read once a run)."""
    folder = resources.files("socialcli.data").joinpath("lexicon")
    found = blake2b(digest_size=_BYTES)
    for file in sorted((one for one in folder.iterdir() if one.is_file()), key=lambda one: one.name):
        content = file.read_bytes()
        found.update(f"{file.name} {len(content)} ".encode() + content)
    return found.hexdigest()
