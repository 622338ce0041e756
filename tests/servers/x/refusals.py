"""The network's ways of saying no, in its words."""

from __future__ import annotations

from typing import Any

PROBLEMS = "https://api.twitter.com/2/problems/"


class Refusal(Exception):  # noqa: N818 - it is an answer
    """Ends a request with this status and problem."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body.get("detail"))
        self.status = status
        self.body = body


def invalid(name: str, value: object, message: str) -> Refusal:
    """A parameter, or a field of the body, that the specification does not have so."""
    return Refusal(
        400,
        {
            "errors": [{"parameters": {name: [str(value)]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": PROBLEMS + "invalid-request",
        },
    )


def unauthorized() -> Refusal:
    return Refusal(
        401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    )


def user_context_wanted() -> Refusal:
    detail = (
        "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
        "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
    )
    title = "Unsupported Authentication"
    return Refusal(
        403,
        {"title": title, "detail": detail, "type": PROBLEMS + "unsupported-authentication", "status": 403},
    )


def forbidden(detail: str) -> Refusal:
    return Refusal(403, {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": 403})


DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_SUMMONED = "You can only reply to or quote posts where you are mentioned or are the author."
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
CLOSED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
    "author of the post you are replying to."
)
NO_DM = "You do not have permission to DM one or more participants."
TOO_LONG = "Your Tweet text is too long."
NOT_OURS = "You are not permitted to perform this action."


def too_many() -> dict[str, Any]:
    return {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}


def no_route() -> dict[str, Any]:
    return {"title": "Not Found", "detail": "Not Found", "type": "about:blank", "status": 404}


def not_found(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """An entry of ``errors`` for a post or user that is not there."""
    shown = f"[{value}]"
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: {shown}.",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }


def not_shown(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """An entry of ``errors`` for a post of, or a user who is, suspended."""
    shown = f"[{value}]"
    if kind == "user":
        detail, title = f"User has been suspended: {shown}.", "Forbidden"
    else:
        detail = f"Sorry, you are not authorized to see the Tweet with {parameter}: {shown}."
        title = "Authorization Error"
    return {
        "value": value,
        "detail": detail,
        "title": title,
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "not-authorized-for-resource",
    }
