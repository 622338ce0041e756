"""Invented messages to Northline Air, each labelled by hand, and what a report on a week of them must count.

The week is Friday 13 November 2026, 10:00, to Friday 20 November, 10:00; London keeps UTC then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from socialcli.model.message import Author, Message
from socialcli.model.times import parse_time

SINCE, UNTIL = "2026-11-13T10:00:00Z", "2026-11-20T10:00:00Z"


class Labelled(NamedTuple):
    id: str
    day: int  # of November 2026
    time: str
    handle: str
    respond: str | None  # None: triage has not seen it
    priority: str | None
    kind: str | None
    topic: str | None
    sentiment: float | None
    text: str
    conversation: str | None = None
    network: str = "file"

    @property
    def message(self) -> Message:
        return Message(
            id=self.id,
            network=self.network,
            account="support",
            author=Author(None, self.handle),
            text=self.text,
            created_at=parse_time(f"2026-11-{self.day}T{self.time}Z"),
            direction="outbound" if self.handle == "NorthlineAir" else "inbound",
            conversation_id=self.conversation,
        )


APP, BOARD, STAFF = "app and website", "on board", "staff and service"
# fmt: off
MESSAGES = (
    # Saturday
    Labelled("a01", 14, "08:10:00", "ana", "respond", "high", "complaint", "baggage", -0.6, "My suitcase went to Graz. I did not.", "c1"),
    Labelled("a02", 14, "08:40:00", "ana", "respond", "high", "complaint", "baggage", -0.2, "Half an hour at the desk, nobody knows a thing.", "c1"),
    Labelled("o01", 14, "08:50:00", "NorthlineAir", None, None, None, None, None, "@ana So sorry, we are tracing it. ^SB", "c1"),
    Labelled("a03", 14, "09:05:00", "ben", "respond", "normal", "question", "booking", 0.0, "Can I put my sister's name on my ticket?"),
    Labelled("a04", 14, "09:15:00", "cem", "respond", "normal", "question", BOARD, 0.1, "Is there a plug at every seat?"),
    Labelled("a05", 14, "12:30:00", "dora", "respond", "low", "praise", STAFF, 0.8, "The crew on NL204 were lovely to my dad."),
    # Sunday
    Labelled("a06", 15, "00:05:00", "emil", "respond", "urgent", "complaint", "cancellation", -0.7, "Cancelled at midnight, and the hotel desk is shut.", "c2"),
    Labelled("a07", 15, "00:20:00", "emil", "respond", "urgent", "question", "cancellation", -0.3, "Where are two kids supposed to sleep?", "c2"),
    Labelled("a08", 15, "01:00:00", "fay", "respond", "high", "complaint", APP, 0.0, "The app shows yesterday's boarding pass, whatever I do."),
    Labelled("a09", 15, "13:00:00", "gus", "monitor", "low", "mention", None, 0.0, "Watching Northline planes from the hill, as one does on Sundays."),
    Labelled("a10", 15, "18:45:00", "hana", "ignore", "low", "spam", None, 0.5, "Win a gift card, follow me now"),
    # Monday
    Labelled("a11", 16, "08:00:00", "ivo", "respond", "normal", "request", "refund", 0.0, "Please send the receipt for my refund."),
    Labelled("a12", 16, "08:30:00", "jule", "respond", "high", "complaint", "refund", -0.4, "Six weeks, no refund."),
    Labelled("a13", 16, "09:00:00", "kofi", "respond", "normal", "question", APP, 0.0, "Does check-in work on an old phone?"),
    Labelled("a14", 16, "09:30:00", "lena", "respond", "normal", "feedback", BOARD, -0.3, "The vegan snack is a sad little cracker. Do better."),
    Labelled("a15", 16, "10:00:00", "milo", "respond", "normal", "feedback", BOARD, 0.4, "The new blankets are a good idea, keep them."),
    Labelled("a16", 16, "11:00:00", "nia", "respond", "normal", "feedback", None, 0.0, "You could print the gate on the receipt."),
    Labelled("a17", 16, "12:00:00", "omar", "respond", "high", "question", "account", -0.2, "Locked out of my account since noon, what now?"),
    Labelled("a18", 16, "12:10:00", "pia", "respond", "low", "praise", None, 0.9, "Best flight in years, thank you!"),
    Labelled("a19", 16, "12:20:00", "ben", "respond", "low", "praise", "booking", 0.6, "Name changed in a minute. Impressed."),
    # Tuesday
    Labelled("a20", 17, "07:00:00", "quin", "respond", "high", "complaint", "delay", -0.5, "Two hours on the tarmac."),
    Labelled("a21", 17, "07:15:00", "rosa", "respond", "high", "complaint", "delay", 0.3, "Love a sunrise from seat 14C. On the ground. Third time."),
    Labelled("a22", 17, "07:30:00", "sami", "respond", "normal", "question", "delay", 0.0, "Is NL118 still at nine?"),
    Labelled("a23", 17, "08:00:00", "tess", "monitor", "low", "mention", "delay", -0.4, "My brother says mornings with Northline are grim."),
    Labelled("a24", 17, "20:00:00", "ugo", "ignore", "low", "abuse", None, -0.9, "You are all worthless idiots"),
    # Wednesday
    Labelled("a25", 18, "09:00:00", "vera", "respond", "normal", "question", "baggage", 0.0, "How heavy may a hand bag be?"),
    Labelled("a26", 18, "09:10:00", "wim", "respond", "normal", "request", APP, 0.0, "Please tell me where the dark mode is."),
    Labelled("a27", 18, "14:00:00", "xena", "respond", "normal", "question", "loyalty", 0.2, "Do points count for my son?"),
    Labelled("a28", 18, "15:00:00", "yan", "respond", "low", "mention", None, 0.3, "First flight of my life tomorrow, with you!"),
    Labelled("a29", 18, "15:30:00", "zoe", "respond", "high", "complaint", "payment", -0.8, "You took my fare twice."),
    Labelled("a30", 18, "16:00:00", "ana", "monitor", "low", "praise", None, 0.7, "Suitcase is home, thanks!", "c1"),
    # Thursday
    Labelled("a31", 19, "08:00:00", "abel", "respond", "normal", "question", "access", 0.0, "Do you take guide dogs?"),
    Labelled("a32", 19, "08:05:00", "bea", "respond", "urgent", "request", "access", -0.1, "We board in an hour and there is no wheelchair, please send one."),
    Labelled("a40", 19, "10:00:00", "jon", None, None, None, None, None, "Is anybody there?"),
    Labelled("n01", 19, "11:00:00", "news", "monitor", "low", "mention", None, 0.0, "Northline Air opens a base in Cork", None, "feed"),
    Labelled("a33", 19, "22:00:00", "carl", "respond", "high", "complaint", "order", -0.06, "My parcel from the in-flight shop never came."),
    Labelled("a34", 19, "23:59:59", "dana", "respond", "low", "feedback", STAFF, 0.05, "Friendlier than last year, I would say."),
    # Friday
    Labelled("a35", 20, "09:00:00", "evan", "respond", "normal", "question", "booking", -0.05, "Can I still change seats?"),
    Labelled("a36", 20, "09:30:00", "fern", "respond", "low", "praise", BOARD, 0.9, "That lemon cake!"),
    Labelled("a37", 20, "09:59:59", "gina", "respond", "high", "complaint", APP, -0.3, "The website ate my booking form again."),
    # before and after the week
    Labelled("a38", 13, "09:59:59", "hugo", "respond", "high", "complaint", "delay", -0.5, "Late, as ever."),
    Labelled("a39", 20, "10:00:00", "iris", "respond", "normal", "question", "delay", 0.0, "Is there snow in Oslo?"),
)
# fmt: on


def voices(messages: int, customers: int) -> dict[str, int]:
    return {"messages": messages, "customers": customers}


# Counted by hand: see the ids. Ana wrote three times, Ben and Emil twice each.
FIGURES: dict[str, Any] = {
    "wrote": voices(35, 31),
    "frustrated": voices(15, 13),  # a01 a02 a06 a07 a08 a12 a14 a17 a20 a21 a23 a29 a32 a33 a37
    "technical": voices(4, 4),  # a08 a13 a26 a37
    "account_matters": voices(9, 8),  # a03 a11 a12 a17 a19 a27 a29 a33 a35
    "positive_feedback": voices(6, 6),  # a05 a15 a18 a19 a30 a36
    "negative_feedback": voices(11, 10),  # a01 a02 a06 a08 a12 a14 a20 a21 a29 a33 a37
    "help_link": voices(6, 6),  # a04 a13 a22 a25 a26 a31
    "reply_needed": voices(23, 21),  # all that is to be answered but those of the next line
    "reply_welcome": voices(9, 9),  # a05 a14 a15 a16 a18 a19 a28 a34 a36
    "by_hour": [2, 1, 0, 0, 0, 0, 0, 3, 7, 9, 1, 1, 4, 1, 1, 2, 1, 0, 0, 0, 0, 0, 1, 1],
    "untriaged": voices(1, 1),
    "noise": voices(2, 2),
    "news": voices(1, 1),
}
BY_WEEKDAY = (9, 4, 6, 4, 3, 5, 4)  # sums of Monday to Sunday
