"""Emoji sequences as X counts them: several code points that weigh as much as one emoji.

The tables are facts of Unicode 11 (emoji-data.txt, emoji-variation-sequences.txt, emoji-zwj-sequences.txt,
the region codes of the flags), the version that X's public counter knows. A sequence that is newer is not in
them on purpose: X then counts its parts, and a text must not be taken for shorter than X takes it.

A single emoji needs no table: outside the light ranges every character weighs as much as an emoji does.
"""

from __future__ import annotations

import functools
import re

_JOINER = "\N{ZERO WIDTH JOINER}"
_AS_EMOJI = "\N{VARIATION SELECTOR-16}"
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_MARS_VENUS = f"[♀♂]{_AS_EMOJI}"

# Shown as text by default: a variation selector asks for the picture.
_TEXT_DEFAULT = (
    "‼⁉ℹ↔-↙↩↪⌚⌛⌨⏏⏭-⏯⏱⏲⏸-⏺Ⓜ▪▫▶◀◻-◾☀-☄☎☑☔☕☘☠☢☣☦☪☮☯☸-☺♀♂♈-♓♠♣♥♦♨♻♿⚒-⚗⚙⚛⚜⚠⚡⚪⚫⚰⚱⚽⚾⛄⛅⛈⛏⛑⛓⛔⛩⛪⛰-⛵⛸⛺⛽"
    "✂✈✉✏✒✔✖✝✡✳✴❄❇❗❣❤➡⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙🀄🅰🅱🅾🅿🈂🈚🈯🈷🌡🌤-🌬🌶🍽🎖🎗🎙-🎛🎞🎟🏍🏎🏔-🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕶-🕹"
    "🖇🖊-🖍🖥🖨🖱🖲🖼🗂-🗄🗑-🗓🗜-🗞🗡🗣🗨🗯🗳🗺🛋🛍-🛏🛠-🛥🛩🛰🛳"
    "©®™♟"
)
# People and hands that take a skin tone; the first class is text by default.
_TEXT_HANDS = "☝⛷⛹✌✍🏋🏌🕴🕵🖐"
_HANDS = "✊✋🎅🏂-🏄🏇🏊👂👃👆-👐👦-👩👮👰-👸👼💁-💃💅-💇💪🕺🖕🖖🙅-🙇🙋-🙏🚣🚴-🚶🛀🛌🤘-🤜🤞🤟🤦🤰-🤹🤽🤾🦵🦶🦸🦹🧑-🧝"
_MAN_OR_WOMAN = "🏃🏄🏊👮👱👳👷💁💂💆💇🙅-🙇🙋🙍🙎🚣🚴-🚶🤦🤵🤷-🤹🤽🤾🦸🦹🧖-🧝"
_MAN_OR_WOMAN_TEXT = "🏋🏌🕴🕵⛹"
_JOBS = f"(?:[⚕⚖✈]{_AS_EMOJI}|[🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰-🦳])"
# First letter of a region code -> the second letters that make a flag.
_FLAGS = (
    "A:CDEFGILMOQRSTUWXZ B:ABDEFGHIJLMNOQRSTVWYZ C:ACDFGHIKLMNOPRUVWXYZ D:EGJKMOZ E:ACEGHRSTU F:IJKMOR "
    "G:ABDEFGHILMNPQRSTUWY H:KMNRTU I:CDELMNOQRST J:EMOP K:EGHIMNPRWYZ L:ABCIKRSTUVY M:ACDEFGHKLMNOPQRSTUVWXYZ "
    "N:ACEFGILOPRUZ O:M P:AEFGHKLMNRSTWY Q:A R:EOSUW S:ABCDEGHIJKLMNORSTVXYZ T:ACDFGHJKLMNORTVWZ U:AGMNSYZ "
    "V:ACEGINU W:FS X:K Y:ET Z:AMW"
)
_NATIONS = ("gbeng", "gbsct", "gbwls")  # England, Scotland, Wales: flags spelled in tag characters

# Without one of these no two code points make one emoji.
_LINKS = re.compile("[\ufe0f\u20e3\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e007f]")


def emoji_sequences(text: str) -> list[tuple[int, int]]:
    """Start and end, in code points, of every emoji in ``text`` that is made of several code points (a few
    are of one). In order, not overlapping; linear in the length of the text.
    """
    if _LINKS.search(text) is None:
        return []
    return [match.span() for match in _sequence().finditer(text)]


@functools.cache
def _sequence() -> re.Pattern[str]:
    return re.compile(
        "|".join(
            (
                f"[👨👩]{_SKIN}?{_JOINER}{_JOBS}",
                f"[{_MAN_OR_WOMAN_TEXT}](?:{_SKIN}|{_AS_EMOJI}){_JOINER}{_MARS_VENUS}",
                f"[{_MAN_OR_WOMAN}]{_SKIN}?{_JOINER}{_MARS_VENUS}",
                f"[👯🤼🧞🧟]{_JOINER}{_MARS_VENUS}",
                *_families(),
                f"🏳{_AS_EMOJI}{_JOINER}🌈",
                f"🏴{_JOINER}☠{_AS_EMOJI}",
                f"👁{_JOINER}🗨",
                f"[#*0-9]{_AS_EMOJI}?\N{COMBINING ENCLOSING KEYCAP}",
                f"[{_TEXT_HANDS}](?:{_AS_EMOJI}{_SKIN}?|{_SKIN})",
                f"[{_TEXT_DEFAULT}]{_AS_EMOJI}",
                f"[{_HANDS}]{_SKIN}",
                *_flags(),
            )
        )
    )


def _families() -> tuple[str, ...]:
    """Couples, with a heart or a kiss; one or two parents with one or two children, a girl first."""
    heart = f"{_JOINER}❤{_AS_EMOJI}{_JOINER}(?:💋{_JOINER})?"
    parents = f"(?:👨(?:{_JOINER}[👨👩])?|👩(?:{_JOINER}👩)?)"
    children = f"(?:👦(?:{_JOINER}👦)?|👧(?:{_JOINER}[👦👧])?)"
    return f"👨{heart}👨", f"👩{heart}[👨👩]", f"{parents}{_JOINER}{children}"


def _flags() -> list[str]:
    letters = {chr(ord("A") + number): chr(0x1F1E6 + number) for number in range(26)}
    regions = [
        f"{letters[row[0]]}[{''.join(letters[second] for second in row[2:])}]" for row in _FLAGS.split()
    ]
    nations = ("".join(chr(0xE0000 + ord(letter)) for letter in nation) for nation in _NATIONS)
    return [*regions, *(f"🏴{tags}\N{CANCEL TAG}" for tags in nations)]
