"""How customers say by which channel they want to be reached: "can you DM me", "please call me"."""

from __future__ import annotations

from socialcli.text.tokens import STOPS, tokenize

_READ = 10_000  # characters of a text that are looked at
_WISHES = {
    "direct": (
        "dm me", "pm me", "dm you", "pm you", "send me a dm", "send me a direct message", "send you a dm",
        "send you a direct message", "message me privately", "message you privately", "talk in private",
        "talk privately", "by dm", "via dm", "by direct message", "via direct message", "my dms are open",
    ),
    "livechat": (
        "have a live chat", "have a livechat", "on live chat", "via live chat", "use live chat",
        "chat with someone", "chat with an agent", "chat with a person", "chat live",
    ),
    "email": (
        "email me", "e mail me", "mail me", "send me an email", "send me an e mail", "reply by email",
        "reply by e mail", "answer by email", "contact me by email", "contact me via email",
        "reach me by email", "write to me by email", "can i email", "could i email", "may i email",
        "prefer email", "prefer e mail", "rather email", "what is your email", "what's your email",
    ),
    "phone": (
        "call me", "ring me", "phone me", "give me a call", "give me a ring", "can i call", "could i call",
        "number i can call", "speak on the phone", "talk on the phone", "prefer a call", "prefer the phone",
        "what is your phone number", "what's your phone number",
    ),
}  # fmt: skip
# "don't call me", "you said somebody was going to call me", "call me old-fashioned".
_NOT_BEFORE = frozenset({
    "not", "don't", "dont", "never", "nobody", "no", "stop", "won't", "wont", "didn't", "didnt", "doesn't",
    "doesnt", "cannot", "can't", "cant", "said", "told", "promised", "supposed", "they", "keep", "keeps", "going",
    "refuse", "refuses", "instead",
})  # fmt: skip
_NOT_BEHIND = frozenset({"crazy", "old", "stupid", "cynical", "naive", "names", "paranoid", "a", "an"})
_WINDOW = 4  # words before a phrase that may turn it round
_NEAR = 120  # characters in which they stand


def wish_in(text: str) -> tuple[str, str] | None:
    """The last wish that stands in a text: its channel ("direct", "livechat", "email", "phone"), its words."""
    said = f" {' '.join(tokenize(text[:_READ]).words)} "
    found = [
        (at, len(phrase), channel, phrase)
        for channel, phrases in _WISHES.items()
        for phrase in phrases
        if (at := said.rfind(f" {phrase} ")) >= 0 and _is_meant(said, at, at + len(phrase) + 2)
    ]
    return max(found)[2:] if found else None


def _is_meant(said: str, start: int, end: int) -> bool:
    before: list[str] = []
    for word in said[max(0, start - _NEAR) : start].split()[-_WINDOW:]:
        before = [] if word in STOPS else [*before, word]
    behind = said[end : end + _NEAR].split()[:1]
    return not (_NOT_BEFORE.intersection(before) or _NOT_BEHIND.intersection(behind))
