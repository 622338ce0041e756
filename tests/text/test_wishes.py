"""How customers say by which channel they want to be reached."""

from __future__ import annotations

import pytest

from socialcli.text.wishes import wish_in


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("@NorthlineAir can you DM me please?", "direct"),
        ("Could I send you a direct message about this?", "direct"),
        ("I don't want this in public. DM me!", "direct"),
        ("please e-mail me the receipt", "email"),
        ("What’s your email?", "email"),
        ("This is urgent, CALL ME", "phone"),
        ("no. call me", "phone"),
        ("Is there a way to chat with an agent?", "livechat"),
        ("Email me. Or better: call me.", "phone"),
    ],
)
def test_a_wish_is_heard(text: str, channel: str) -> None:
    found = wish_in(text)
    assert found is not None
    assert found[0] == channel


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my bag?",
        "Please don't call me at work",
        "Nobody bothered to call me",
        "You said somebody was going to call me yesterday",
        "Call me old-fashioned, but a bag should arrive",
        "Your staff call me a liar",
        "The live chat is broken",
        "they never email me back",
    ],
)
def test_what_only_sounds_like_one_is_not(text: str) -> None:
    assert wish_in(text) is None


def test_a_long_text_is_read_in_no_time() -> None:
    assert wish_in("call me old " * 100_000) is None
