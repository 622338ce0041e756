"""A text that is on disk while it is written (``outbox.writing``), wherever it is written."""

from __future__ import annotations

from socialcli.app import App
from socialcli.errors import SocialError
from socialcli.outbox.writing import Keeper


class Kept:
    """``text`` is what was written so far. With ``dry`` nothing is written to disk."""

    def __init__(self, app: App, keeper: Keeper, *, dry: bool = False) -> None:
        self.app, self.keeper, self.dry = app, keeper, dry
        self.text = ""
        self.unkept = ""  # why the text is not on disk

    def is_erased(self) -> bool:
        """Whether whoever it answers was erased meanwhile: the words then stand nowhere."""
        return False

    def keep(self, text: str) -> bool:
        """Whether it is kept. A disk that says no is told beside the text, and the writing goes on."""
        self.text = text
        if self.dry:
            return True
        try:
            if not (self.keeper.was_taken() and self.is_erased()):
                self.keeper.keep(text, self.app.now())
            self.unkept = ""
        except SocialError as error:
            self.unkept = f"NOT KEPT ON DISK: {error.message}"
        return not self.unkept

    def hand_out(self, text: str) -> str:
        """The path of a file with the text, for another editor. Raises StorageError."""
        return str(self.keeper.hand_out(text))

    def take_back(self) -> str:
        """What the other editor left. Raises StorageError."""
        return self.keeper.take_back(self.app.now())
