"""How the faults of X are told: one line that names the thing, and the next step."""

from __future__ import annotations

import ssl

import urllib3.exceptions as u3

from socialcli.channels.x.faults import Kind, chain

# What is asked for -> how it is called in an error.
DOING = {
    "mentions": "reading mentions",
    "search": "searching",
    "own": "reading our own posts",
    "posts": "posting",
    "direct": "sending a direct message",
    "direct-read": "reading direct messages",
    "lookup": "looking up posts",
    "users": "asking who wrote",
    "mute": "muting",
    "hide": "hiding a reply",
    "me": "asking who we are",
}

HINTS = {
    Kind.UNSENT: "check the connection, the proxy and base_url, and run it again",
    Kind.SILENT: "run it again later; `timeout` in policies.toml says how long to wait",
    Kind.UNCLEAR: "run it again later",
    Kind.REDIRECT: "redirects are not followed: put the right address into base_url",
    Kind.LIMITED: "run it again after that time; nothing was lost",
    Kind.CREDITS: "buy credits in X's developer console, and run it again",
    Kind.LATER: "run it again later",
    Kind.LOGIN: "socialcli login {account}",
    Kind.PERMISSION: 'give the app "Read and write and Direct message" in X\'s developer console, make the access '
    "token anew, then: socialcli login {account}",
    Kind.REFUSED: "",
    Kind.GONE: "it was deleted, or is not shown to us; or base_url leads elsewhere",
    Kind.DUPLICATE: "socialcli outbox --settle looks whether it is this very post",
}

# Words of X -> what to do about them; matched in small letters, the first that is found.
HINTS_403 = (
    ("you are mentioned", "they did not mention us: answer by hand"),
    ("you have not been mentioned", "only those whom the author named may answer: answer by hand"),
    ("permission to dm", "they take no direct message from us: invite them to write one, in a public reply"),
    ("deleted or not visible", "the post is gone, or hidden from us: there is nothing to answer"),
    ("temporarily locked", "unlock the account on x.com by hand"),
    ("account is suspended", "ask X about it by hand; no program can post until then"),
    ("unsupported authentication", "this needs the four keys of a user: socialcli login {account}"),
    ("application-only", "this needs the four keys of a user: socialcli login {account}"),
)


def unclear_hint(what: str) -> str:
    """What to do after a write that may have arrived."""
    if what in {"posts", "direct"}:
        return "socialcli outbox --settle looks whether it is there; do not post it by hand meanwhile"
    return "run it again: said twice, it changes nothing"


def told(kind: Kind, status: int, said: str, base: str) -> str:
    """What happened; ``status`` is 0 where no answer came, and ``said`` then names the fault."""
    because = f": {said}" if said else ""
    by_kind = {
        Kind.UNSENT: f"{base} was not reached{because}",
        Kind.SILENT: f"{base} kept silent",
        Kind.REDIRECT: f"{base} answered with a redirect ({status})",
        Kind.LIMITED: f"X takes no more for now (429){because}",
        Kind.CREDITS: f"the credits on X are used up (402){because}",
        Kind.LOGIN: f"X does not know these tokens (401){because}" if status else "the tokens cannot be sent",
        Kind.DUPLICATE: f"X says that it has this text already ({status}){because}",
    }
    if kind in by_kind:
        return by_kind[kind]
    if kind is Kind.GONE:
        return f"there is no such thing on X ({status}){because}"
    if kind is Kind.UNCLEAR:
        return f"X gave no clear answer ({status or 'the connection broke'}){because}"
    return f"X refused ({status}){because}"


# Why it was not reached, in words of ours: those of the libraries may hold the address of a proxy and its password.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (u3.ProxyError, "the proxy lets nothing through"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "no TLS with it"),
    (u3.NameResolutionError, "its name is not known"),
    (u3.NewConnectionError, "nobody listens there"),
    (u3.ConnectTimeoutError, "it did not pick up"),
)


def reason(error: BaseException) -> str:
    """Why there was no answer."""
    inner = tuple(chain(error))
    words = (words for family, words in _REASONS if any(isinstance(one, family) for one in inner))
    return next(words, type(error).__name__)
