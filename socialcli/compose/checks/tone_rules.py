"""The rules of ``tone``: why each is there, and examples both ways."""

from __future__ import annotations

from socialcli.compose.checks.denial import find_cold_denial
from socialcli.compose.checks.examples import assessed, drafts, thread
from socialcli.compose.checks.jargon import find_jargon
from socialcli.compose.checks.rule import CheckRequest, Rule
from socialcli.compose.checks.shouting import find_shouting
from socialcli.compose.checks.tone import (
    find_blame,
    find_defensive,
    find_emoji,
    find_no_apology,
    find_no_thanks,
    find_robotic,
    find_sarcasm,
)

RULES = (
    Rule(
        "tone/blame",
        "warning",
        "Who is told that it is their own fault stops listening, even when it is true.",
        find_blame,
        CheckRequest(text="That was not your fault, Marta. You should have the new pass by now. ^SB"),
        drafts(
            "You should have read the conditions before you booked. ^SB",
            "You failed to check in on time, so the seat was given away. ^SB",
            "As you were told at the desk, the bag is too large. ^SB",
            "Why didn't you ask the crew? ^SB",
            "That is your own fault. ^SB",
            "Next time, arrive earlier. ^SB",
            "Es culpa suya por llegar tarde. ^SB",
        ),
    ),
    Rule(
        "tone/defensive",
        "warning",
        "A customer wants help, not a verdict on who was right.",
        find_defensive,
        CheckRequest(text="Thanks for telling us. We'll find out what went wrong at the gate. ^SB"),
        drafts(
            "We did nothing wrong here. ^SB",
            "The weather is not our fault. ^SB",
            "As we already explained, the flight is full. ^SB",
            "Please calm down, the desk opens soon. ^SB",
            "No one else has complained about the seats. ^SB",
            "We're sorry you feel that way. ^SB",
            "Wie bereits erwähnt, ist der Flug voll. ^SB",
        ),
    ),
    Rule(
        "tone/robotic",
        "warning",
        "A phrase from a form letter says that nobody read the message.",
        find_robotic,
        CheckRequest(text="Hi Marta, two hours in that queue is far too long. Gate B12 is quicker. ^SB"),
        drafts(
            "We apologise for any inconvenience this may have caused. ^SB",
            "Your feedback is important to us. ^SB",
            "Please be advised that check-in closes at six. ^SB",
            "Dear valued customer, the desk is closed. ^SB",
            "Do not hesitate to contact us again. ^SB",
            "Your complaint has been forwarded to the relevant department. ^SB",
        ),
    ),
    Rule(
        "tone/sarcasm",
        "warning",
        "A joke at the customer's cost is the reply that gets shared.",
        find_sarcasm,
        CheckRequest(text="Oh no, that is a long wait. Which desk are you at, Marta? ^SB"),
        drafts(
            "Oh dear, how did you ever survive a whole hour without a film? ^SB",
            "Sure, because our pilots control the weather. ^SB",
            "Thank you for explaining to us how to run an airline. ^SB",
            "Let me just ask my crystal ball. ^SB",
            "What a surprise, somebody else who knows better. ^SB",
            "¡Vaya drama! ^SB",
        ),
    ),
    Rule(
        "tone/jargon",
        "warning",
        "A word of the trade answers our colleagues, not the customer.",
        find_jargon,
        CheckRequest(text="Your booking code (PNR) is on the email, in the top corner. ^SB"),
        drafts(
            "Your PNR was reprotected automatically. ^SB",
            "We have raised it with L2, who will check it within the SLA. ^SB",
            "The inbound rotation was late and the crew timed out. ^SB",
            "That SKU is OOS. ^SB",
            "Let's take this offline and circle back. ^SB",
        ),
    ),
    Rule(
        "tone/shouting",
        "warning",
        "Capitals and rows of marks are heard as a raised voice.",
        find_shouting,
        CheckRequest(text="Your KLM flight from JFK to LHR is OK, seat 7C; TSA opens at 6 AM. ^SB"),
        drafts(
            "You MUST be at the gate NOW. ^SB",
            "PLEASE READ THE RULES. ^SB",
            "CHECK YOUR BOOKING FIRST! ^SB",
            "We told you yesterday!!!! ^SB",
        ),
    ),
    Rule(
        "tone/no-apology",
        "warning",
        "A complaint that meets no regret is made again, louder.",
        find_no_apology,
        CheckRequest(text="So sorry about the bag, Marta. We are tracing it now. ^SB", assessment=assessed()),
        (
            CheckRequest(text="We are tracing the bag now. ^SB", assessment=assessed()),
            CheckRequest(
                text="The next flight leaves at nine. ^SB",
                assessment=assessed(),
                thread=thread(
                    "Third cancelled flight this month.", "> Which flight is it? ^SB", "NL204. Again."
                ),
            ),
            CheckRequest(text="Please open the app again. ^SB", assessment=assessed("request")),
        ),
    ),
    Rule(
        "tone/no-thanks",
        "warning",
        "Who takes the trouble to praise or advise us, and is not thanked, does it once.",
        find_no_thanks,
        CheckRequest(text="Thanks, Marta! The crew will love this. ^SB", assessment=assessed("praise")),
        (
            CheckRequest(text="We know. ^SB", assessment=assessed("feedback", sentiment=0)),
            CheckRequest(text="The crew will read this. ^SB", assessment=assessed("praise", sentiment=0.8)),
        ),
    ),
    Rule(
        "tone/cold-denial",
        "warning",
        "A bare no ends the talk, and begins the next complaint.",
        find_cold_denial,
        CheckRequest(text="We can't change this fare, but you can give the seat to a friend. ^SB"),
        drafts(
            "We can't refund this ticket. ^SB", "Not possible. ^SB", "No exceptions. That's our policy. ^SB"
        ),
    ),
    Rule(
        "tone/emoji",
        "warning",
        "A smiling face in front of somebody upset laughs at them.",
        find_emoji,
        CheckRequest(text="Enjoy the flight! 😊 ^SB", assessment=assessed("praise", sentiment=0.8)),
        (
            CheckRequest(text="Sorry, we are on it 😊 ^SB", assessment=assessed()),
            CheckRequest(
                text="We have moved your seat. :) ^SB", thread=thread("My father died, I must fly today.")
            ),
            CheckRequest(
                text="The form is ready 🎉 ^SB",
                assessment=assessed("question", sentiment=0, register="formal"),
            ),
        ),
    ),
)
