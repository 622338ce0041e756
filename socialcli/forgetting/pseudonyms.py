"""What an erased customer is called, and how one is recognised: by hashes with a key of this workspace.

A plain hash of a handle could be found again by trying all handles. The key lies in ``erasure.key`` in the
workspace, not in ``.socialcli``, which may be deleted at any moment; where it is lost, later erasures give other
pseudonyms, and earlier ones are recognised no more.
"""

from __future__ import annotations

import os
from base64 import b32encode
from hashlib import blake2b
from pathlib import Path

from socialcli import durable
from socialcli.queue.erasing import PSEUDONYM

_BYTES = 32
_CHARACTERS = 8


class Pseudonyms:
    """The key lies in ``workspace``, or ``momentary`` has one of an older release; with ``dry_run`` none is made."""

    def __init__(self, workspace: Path, momentary: Path, *, dry_run: bool) -> None:
        self._path = workspace / "erasure.key"
        self._older = momentary / "erasure.key"
        self._key = self._kept() or os.urandom(_BYTES)
        self._save = not dry_run and _read(self._path) is None

    def _kept(self) -> bytes | None:
        return _read(self._path) or _read(self._older)

    @property
    def is_kept(self) -> bool:
        """Whether the same name gives the same pseudonym in the next run."""
        return self._kept() is not None

    def keep(self) -> None:
        """Make sure that the key is on disk before it is used. Raises StorageError."""
        if self._save:
            durable.replace(self._path, [self._key], mode=0o600, point="erasure-key")
            durable.remove(self._older, point="erasure-key-older")
            self._save = False

    def hash(self, network: str, name: str) -> str:
        """Of a name that somebody has, or had, on a network: 26 base-32 characters."""
        digest = blake2b(f"{network}\0{name}".encode("utf-8", "replace"), key=self._key, digest_size=16)
        return b32encode(digest.digest()).decode().lower().rstrip("=")

    def of(self, network: str, name: str) -> str:
        """What is put in the place of a name."""
        return PSEUDONYM + self.hash(network, name)[:_CHARACTERS]


def _read(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise durable.storage_error(error, path) from error
    return key if len(key) == _BYTES else None
