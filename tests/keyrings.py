"""A real back end for the keyring library: one file, which the environment names."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

NAME = f"{__name__}.FileKeyring"
VARIABLE = "TEST_KEYRING_FILE"


class FileKeyring(KeyringBackend):
    """Locked where the file is a folder."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._entries() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError(username)
        self._write(entries)

    @staticmethod
    def _path() -> Path:
        path = Path(os.environ[VARIABLE])
        if path.is_dir():
            raise KeyringLocked
        return path

    def _entries(self) -> dict[str, str]:
        path = self._path()
        found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def _write(self, entries: dict[str, str]) -> None:
        self._path().write_text(json.dumps(entries))
