"""tokens: what proves to a network that we are an account of ours."""

from __future__ import annotations

from msgspec import Struct


class Tokens(Struct, frozen=True):
    """OAuth 1.0a keys and tokens of a user, and an app-only bearer token; "" = not given. Never shown."""

    consumer_key: str = ""
    consumer_secret: str = ""
    access_token: str = ""
    access_token_secret: str = ""
    bearer_token: str = ""

    @property
    def acts_for_user(self) -> bool:
        """Whether they let us post, and read direct messages: all four of OAuth 1.0a."""
        return all((self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret))

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"Tokens({', '.join(given)})"
