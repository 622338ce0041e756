"""Invented, life-like messages to an airline, as many as wanted: conversations of one to a dozen messages, a
customer and now and then our own answers, many conversations at a time, in the order of their times.

    python -m benchmarks.generate --messages 100000 --format csv > messages.csv

The same number and seed always give the same file. Nothing is kept: a million messages need no memory.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TextIO

import msgspec

OURS = "NorthlineAir"
BEGIN = datetime(2026, 1, 1, 6, tzinfo=UTC)
STEP = 20  # seconds between two messages, on average
END = datetime(2027, 12, 31, tzinfo=UTC)  # later than the last of a million messages
OPEN_AT_A_TIME = 400
PER_CONVERSATION = 4  # messages, on average

_PLACES = ("Oslo", "Leeds", "Porto", "Graz", "Turin", "Cork", "Lyon", "Bergen", "Kraków", "Málaga", "Bremen")
_OPENINGS = (
    "@NorthlineAir", "Hi @NorthlineAir,", "@NorthlineAir hello,", "Dear @NorthlineAir team,", "Hey @NorthlineAir",
    ".@NorthlineAir", "@NorthlineAir help please!", "Good morning @NorthlineAir.", "@NorthlineAir seriously?",
)  # fmt: skip
_MATTERS = (
    "my bag never came off the belt in {place} and nobody at the desk knew where it was",
    "flight NL{number} to {place} is delayed by {minutes} minutes and the app still says on time",
    "the website takes my card, shows an error, and now I have {count} charges for one ticket",
    "we were moved from seats we paid for on NL{number} without a word",
    "I have been on hold for {minutes} minutes about a refund for {place}",
    "is there wifi on the flight to {place}, and does it work over the sea?",
    "can I take a folding bike to {place} as hand luggage?",
    "the crew on NL{number} to {place} were wonderful with my {count} kids",
    "check-in for {place} closes in {minutes} minutes and the machine will not read my passport",
    "my mother needs a wheelchair in {place} and I cannot find where to book it",
    "you cancelled NL{number} and the next seat to {place} is in {count} days",
    "the lounge in {place} was closed, no sign, no note, nothing",
    "how do I change the name on a booking to {place}? My sister has married",
    "third time this month that NL{number} leaves {minutes} minutes late",
)
_ENDINGS = (
    "What now?", "Please help.", "Thanks in advance.", "Not good enough.", "Any news?", "I am at the gate now.",
    "Thank you so much!", "This is the last time I fly with you.", "", "", "Who can I talk to? 😡", "Cheers 🙂",
)  # fmt: skip
_FOLLOW_UPS = (
    "Still nothing after {minutes} minutes.", "I have sent you a message with the details.", "Thanks, that worked!",
    "No, that is not what I asked.", "The desk in {place} says to ask you.", "And what about my {count} bags?",
    "Ok, waiting.", "It is NL{number}, as I wrote above.", "Great, thank you for the quick answer 🙏",
)  # fmt: skip
_ANSWERS = (
    "Sorry about this. Please send us your booking reference by direct message and we will look at once. ^SB",
    "We are sorry for the wait. NL{number} now leaves {minutes} minutes later than planned. ^SB",
    "Thank you for the kind words, we have passed them on to the crew. ^SB",
    "The desk in {place} can help you right away, just show them this message. ^SB",
)


@dataclass
class _Conversation:
    """``customer`` writes, we answer now and then; ``last`` is the id that the next message answers."""

    root: str
    customer: int
    last: str
    theirs: bool = True


@dataclass
class Made:
    """The fields of one message in the order of the CSV; the names are those that fetch knows."""

    id: str
    created_at: str
    handle: str
    name: str
    text: str
    in_reply_to: str
    conversation_id: str


def messages(count: int, seed: int = 1) -> Iterator[Made]:
    """``count`` messages, oldest first."""
    chance = random.Random(seed)
    running: list[_Conversation] = []
    when = BEGIN
    for number in range(1, count + 1):
        when += timedelta(seconds=chance.randrange(1, 2 * STEP))
        key = str(1_800_000_000_000_000_000 + number * 7_919)
        if not running or chance.random() < 1 / PER_CONVERSATION:
            one = _Conversation(key, chance.randrange(max(10, count // 6)), key)
            text = _opening(chance)
            running.append(one)
            if len(running) > OPEN_AT_A_TIME:
                del running[chance.randrange(OPEN_AT_A_TIME // 4)]
            parent = ""
        else:
            one = chance.choice(running)
            one.theirs = not one.theirs or chance.random() < 0.4
            text = _filled(chance, _FOLLOW_UPS if one.theirs else _ANSWERS)
            parent = one.last
        one.last = key
        handle = f"flyer{one.customer}" if one.theirs else OURS
        name = f"Flyer {one.customer}" if one.theirs else "Northline Air"
        yield Made(key, f"{when:%Y-%m-%dT%H:%M:%SZ}", handle, name, text, parent, one.root)


def _opening(chance: random.Random) -> str:
    return f"{chance.choice(_OPENINGS)} {_filled(chance, _MATTERS)}. {chance.choice(_ENDINGS)}".rstrip()


def _filled(chance: random.Random, forms: tuple[str, ...]) -> str:
    return chance.choice(forms).format(
        place=chance.choice(_PLACES),
        number=chance.randrange(100, 999),
        minutes=chance.randrange(5, 240, 5),
        count=chance.randrange(2, 6),
    )


def write(out: TextIO, form: str, count: int, seed: int = 1) -> None:
    """``count`` messages as CSV or as JSON Lines."""
    if form == "csv":
        rows = csv.writer(out)
        names = ["id", "created_at", "author.handle", "author.name", "text", "in_reply_to", "conversation_id"]
        rows.writerow(names)
        rows.writerows(vars(one).values() for one in messages(count, seed))
        return
    out.writelines(msgspec.json.encode(_record(one)).decode() + "\n" for one in messages(count, seed))


def _record(one: Made) -> dict[str, object]:
    return {
        "id": one.id,
        "created_at": one.created_at,
        "author": {"handle": one.handle, "name": one.name},
        "text": one.text,
        "in_reply_to": one.in_reply_to or None,
        "conversation_id": one.conversation_id,
        "url": f"https://x.com/{one.handle}/status/{one.id}",
        "lang": "en",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Invented messages, to try and to measure with.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--format", choices=("csv", "jsonl"), default="jsonl")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    write(sys.stdout, wanted.format, wanted.messages, wanted.seed)


if __name__ == "__main__":
    main()
