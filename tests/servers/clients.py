"""tweepy, pointed at a network of ours: nothing of the product, so that the servers are tested by themselves."""

from __future__ import annotations

from typing import Any

import requests
import tweepy

from tests.servers.x.network import XNetwork


class Session(requests.Session):
    """What a channel has to do to reach another host than the one that tweepy knows."""

    patience = 30.0  # seconds

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.trust_env = False
        self._base_url = base_url

    def request(self, method: str, url: str | bytes, *args: Any, **more: Any) -> requests.Response:
        address = str(url).replace("https://api.twitter.com", self._base_url)
        more = {"timeout": self.patience, "allow_redirects": False} | more
        return super().request(method, address, *args, **more)


def client_of(network: XNetwork, handle: str = "NorthlineAir", **changed: str) -> tweepy.Client:
    tokens = network.credentials(handle) | changed
    client = tweepy.Client(
        bearer_token=tokens["BEARER_TOKEN"],
        consumer_key=tokens["CONSUMER_KEY"],
        consumer_secret=tokens["CONSUMER_SECRET"],
        access_token=tokens["ACCESS_TOKEN"],
        access_token_secret=tokens["ACCESS_TOKEN_SECRET"],
        return_type=dict,
    )
    client.session = Session(network.base_url)
    return client
