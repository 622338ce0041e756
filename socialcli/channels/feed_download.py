"""One address of a feed, read within bounds: time, size, redirects. Foreign exceptions stop here."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from socialcli import __version__
from socialcli.errors import SocialError, TemporaryError, UsageError

if TYPE_CHECKING:
    import requests

MOST_BYTES = 5_000_000  # of the feed as it is read, unpacked
_CONNECT = 5  # seconds
_PATIENCE = 4  # times the account's time-out: a server that drips must come to an end too
_REDIRECTS = 5
_BLOCK = 1 << 14
_GZIP = 16 + zlib.MAX_WBITS
_MENDS = "mend the address in policies.toml ([[accounts]] feeds)"


class Page(Struct, frozen=True):
    """What stood there. ``content`` is None where nothing changed since; the rest is what the server said."""

    content: bytes | None
    content_type: str = ""
    etag: str = ""
    modified: str = ""


def shown(address: str) -> str:
    """The address without what follows ``?``: private feeds carry their key there."""
    front, mark, _ = address.partition("?")
    return f"{front}?..." if mark else front


def download(address: str, etag: str, modified: str, timeout: int) -> Page:
    """What stands at ``address``, unless it is what ``etag`` and ``modified`` stand for. ``timeout``: seconds.

    Raises UsageError where the address must be mended, else TemporaryError.
    """
    import requests

    headers = {"User-Agent": f"socialcli/{__version__} (feed reader)", "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    until = time.monotonic() + _PATIENCE * timeout
    try:
        with requests.Session() as session:
            session.auth = _no_login
            with _followed(session, address, headers, timeout) as response:
                return _page(response, until)
    except requests.exceptions.Timeout as error:
        raise TemporaryError(f"no answer within {timeout} s") from error
    except requests.exceptions.SSLError as error:
        raise TemporaryError("its certificate is not trusted") from error
    except requests.exceptions.ConnectionError as error:
        raise TemporaryError("cannot be reached") from error
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
        raise UsageError("is no address", hint=_MENDS) from error
    except requests.exceptions.RequestException as error:
        raise TemporaryError(f"cannot be read ({type(error).__name__})") from error


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Feeds are public: what stands in ~/.netrc is not for them."""
    return request


def _followed(
    session: requests.Session, address: str, headers: dict[str, str], timeout: int
) -> requests.Response:
    """The answer behind a few redirects, never from https to plain http."""
    for _ in range(_REDIRECTS + 1):
        response = session.get(
            address, headers=headers, timeout=(_CONNECT, timeout), stream=True, allow_redirects=False
        )
        if not response.is_redirect:
            return response
        response.close()
        onward = urljoin(address, response.headers["location"])
        safe = {"https"} if urlsplit(address).scheme == "https" else {"https", "http"}
        if urlsplit(onward).scheme not in safe:
            raise UsageError("redirects to an address that is not safe", hint=_MENDS)
        address = onward
    raise UsageError(f"redirects more than {_REDIRECTS} times", hint=_MENDS)


def _page(response: requests.Response, until: float) -> Page:
    if response.status_code == 304:  # noqa: PLR2004 - Not Modified
        return Page(None)
    if response.status_code != 200:  # noqa: PLR2004 - OK
        raise _refusal(response.status_code)
    headers = response.headers
    return Page(
        _body(response, until),
        headers.get("content-type", ""),
        headers.get("etag", ""),
        headers.get("last-modified", ""),
    )


def _refusal(status: int) -> SocialError:
    if status in {404, 410}:
        return UsageError(f"nothing is there any more (HTTP {status})", hint=_MENDS)
    if status in {401, 402, 403, 407, 451}:
        return UsageError(f"is not shown to us (HTTP {status})", hint=_MENDS)
    return TemporaryError(f"the server answered HTTP {status}")


def _body(response: requests.Response, until: float) -> bytes:
    """The body, unpacked here and not by the library: a small one may hold gigabytes."""
    import urllib3

    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise TemporaryError("is packed in a way that was not asked for")
    unpack = zlib.decompressobj(_GZIP) if "gzip" in packing else None
    body = bytearray()
    try:
        while block := response.raw.read1(_BLOCK, decode_content=False):
            body += unpack.decompress(block, MOST_BYTES + 1 - len(body)) if unpack else block
            if len(body) > MOST_BYTES:
                raise UsageError(f"is larger than {MOST_BYTES:,} bytes: no ordinary feed", hint=_MENDS)
            if unpack and unpack.eof:
                break
            if time.monotonic() > until:
                raise TemporaryError("the server is too slow")
    except urllib3.exceptions.ReadTimeoutError as error:
        raise TemporaryError("the server fell silent") from error
    except (urllib3.exceptions.HTTPError, OSError, zlib.error) as error:
        raise TemporaryError("ended in the middle") from error
    if unpack and not unpack.eof:
        raise TemporaryError("ended in the middle")
    return bytes(body)
