"""How often our weighted length of a post on X is that of X's own counter, and what one costs.

    SOCIALCLI_TWITTER_TEXT=node_modules/twitter-text SOCIALCLI_TEXTS=a.csv:b.csv python -m benchmarks.x_length

The first names a folder of the npm package ``twitter-text`` (it needs ``node``), X's own counter; the second
CSV files with a column ``text`` or ``tweet``, or any other: every cell is a text. Besides them 100,000 texts
are made from a fixed seed: words, links, bare host names, emoji sequences, CJK, right-to-left scripts and
combining marks, joined with and without spaces.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from socialcli.text.x_weight import weigh

_COUNTER, _TEXTS = "SOCIALCLI_TWITTER_TEXT", "SOCIALCLI_TEXTS"
_MADE = 100_000
_SHOWN = 20
_ASK = """
const twitter = require(process.argv[1]);
const lines = require("readline").createInterface({input: process.stdin, crlfDelay: Infinity});
lines.on("line", (line) => console.log(twitter.parseTweet(JSON.parse(line)).weightedLength));
"""
_KINDS = (
    "bag gate delayed sorry Málaga straße naïve the on it's don't 14:10 NL204 €84 “now” – …",
    (
        "https://northline.example/chat http://t.co/Abc123 https://www.example.com/a_(b)?q=1&r=%20#top"
        " HTTPS://Example.ORG:8080/x, http://münchen.de/straße https://例え.jp/パス https://x.y"
        " https://user@example.com/ http://1.2.3.4/a https://example.co.uk. http://-bad.com"
    ),
    (
        "northline.example example.com sub.example.co.uk a.b.c.d.com t.co/x foo_bar.com e-mail.de. xn--bcher-kva.ch"
        " 1.50 v2.0.1 help@example.com @name.com #tag.com example.com/path?x=1 日本.jp例.com"
    ),
    (
        "😀 👍🏽 ❤️ ❤ ☎️ ☎ ©️ 7️⃣ #⃣ 🇳🇱 🇳🇲 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 👩‍✈️ 👨🏿‍🚀"
        " 👩‍❤️‍💋‍👨 👨‍👩‍👧‍👦 🏳️‍🌈 🧑🏻‍🤝‍🧑🏿 ✈️ ✈ 🛫 🧳 🇪 \u200d \ufe0f 🏽 🤷🏼‍♀️ ㊙️ 🀄 🃏 ‼️ ↔️"
    ),
    "お荷物 遅延 항공편 行李 ﾌﾗｲﾄ 。 「 ｗｗｗ．例 𠮷 中文.com 한국어",
    "حقيبة טיסה پرواز مرحبا שלום\u200f \u202babc\u202c \u200f ١٢٣",
    "a\u0301 e\u0323\u0302 Z\u0351\u036b\u0343 क्षि ไม่ น้ำ ɑ̃ \u1112\u1161\u11ab q\u0307\u0323 Å Ω",
    "@NorthlineAir @cust1 ＠wide #delay ＃wide $NLA ^SB *SB \u00a0 \u3000 \u2028 \u200b _ - . / : ~",
)
_PIECES = tuple(kind.split(" ") for kind in _KINDS)


def main() -> int:
    counter = os.environ.get(_COUNTER)
    if not counter:
        print(f"skipped: set {_COUNTER} to a folder of the npm package twitter-text")
        return 0
    given = [Path(name) for name in os.environ.get(_TEXTS, "").split(":") if name]
    for name, texts in (("given", list(_given(given))), ("made", list(_made()))):
        if texts:
            _compare(name, texts, _reference(counter, texts))
    return 0


def _compare(name: str, texts: Sequence[str], theirs: Sequence[int]) -> None:
    started = time.process_time()
    ours = [weigh(text) for text in texts]
    each = (time.process_time() - started) / len(texts)
    equal = sum(a == b for a, b in zip(ours, theirs, strict=True))
    lower = sum(a < b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name:6} {len(texts):8,} texts  equal {equal / len(texts):.4%}  lower {lower:,}"
        f"  higher {len(texts) - equal - lower:,}  {each * 1e6:.0f} us a text"
    )
    if "--show" in sys.argv:
        for text, our, their in [
            each for each in zip(texts, ours, theirs, strict=True) if each[1] != each[2]
        ][:_SHOWN]:
            print(f"  {our} instead of {their}: {text!a}")


def _reference(counter: str, texts: Sequence[str]) -> list[int]:
    asked = "\n".join(json.dumps(text) for text in texts)
    said = subprocess.run(
        ["node", "-e", _ASK, str(Path(counter).resolve())],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in said.stdout.split()]


def _given(files: Sequence[Path]) -> Iterator[str]:
    for path in files:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                yield from (cell for cell in row if not cell.isascii() or " " in cell or "." in cell)


def _made() -> Iterator[str]:
    dice = random.Random(280)
    for _ in range(_MADE):
        pieces = [dice.choice(dice.choice(_PIECES)) for _ in range(dice.randint(1, 12))]
        yield "".join(piece + dice.choice(("", " ", " ", "\n")) for piece in pieces)


if __name__ == "__main__":
    sys.exit(main())
