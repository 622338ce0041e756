"""The names of the specification: fields and expansions as they were up to 2.166, and since 2.167."""

from __future__ import annotations

from typing import Any

_POST = (
    "attachments card_uri community_id context_annotations conversation_id created_at display_text_range "
    "edit_controls entities geo id lang matched_media_notes media_metadata non_public_metrics "
    "note_request_suggestions organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics "
    "reply_settings scopes source suggested_source_links suggested_source_links_with_counts text withheld article"
)
_USER = (
    "confirmed_email connection_status created_at description entities id is_identity_verified location name parody "
    "profile_banner_url profile_image_url protected public_metrics receives_your_dm subscription subscription_type "
    "url username verified verified_followers_count verified_type withheld"
)
_DIRECT = "attachments created_at dm_conversation_id entities event_type id text"
_POST_EXPANSIONS = (
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet "
    "attachments.poll_ids author_id entities.mentions.username geo.place_id in_reply_to_user_id"
)


def _set(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


MEDIA_FIELDS = _set(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url promoted_metrics "
    "public_metrics type url variants width"
)
POLL_FIELDS = _set("duration_minutes end_datetime id options voting_status")
PLACE_FIELDS = _set("contained_within country country_code full_name geo id name place_type")

# Each parameter of a list of names, and which names it may hold. The old ones are understood for ever.
OLD: dict[str, frozenset[str]] = {
    "tweet.fields": _set(
        _POST, "author_id edit_history_tweet_ids in_reply_to_user_id note_tweet referenced_tweets"
    ),
    "user.fields": _set(_USER, "affiliation most_recent_tweet_id pinned_tweet_id"),
    "dm_event.fields": _set(_DIRECT, "participant_ids referenced_tweets sender_id"),
    "media.fields": MEDIA_FIELDS,
    "poll.fields": POLL_FIELDS,
    "place.fields": PLACE_FIELDS,
}
NEW: dict[str, frozenset[str]] = {
    **OLD,
    "post.fields": _set(_POST, "article_title note_post"),
    "user.fields": OLD["user.fields"] | _set("subscribes_to_you"),
}
OLD_EXPANSIONS = {
    "post": _set(
        _POST_EXPANSIONS,
        "edit_history_tweet_ids entities.note.mentions.username referenced_tweets.id",
        "referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id",
    ),
    "user": _set("affiliation.user_id most_recent_tweet_id pinned_tweet_id"),
    "direct": _set("attachments.media_keys participant_ids referenced_tweets.id sender_id"),
}
NEW_EXPANSIONS = {
    "post": OLD_EXPANSIONS["post"] | _set("edit_history_post_ids referenced_posts username"),
    "user": OLD_EXPANSIONS["user"] | _set("affiliation most_recent_post_id pinned_post_id"),
    "direct": OLD_EXPANSIONS["direct"] | _set("referenced_posts"),
}

# New name -> old name: the server thinks in the old ones.
TO_OLD = {
    "post.fields": "tweet.fields",
    "note_post": "note_tweet",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "referenced_posts": "referenced_tweets.id",
}
# Old key of an answer -> new key.
_TO_NEW = {
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "edit_history_tweet_ids": "edit_history_post_ids",
}


def respelled(answer: Any) -> Any:
    """An answer with the names since 2.167."""
    if isinstance(answer, list):
        return [respelled(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    new = {_TO_NEW.get(name, name): respelled(value) for name, value in answer.items()}
    if isinstance(new.get("includes"), dict) and "tweets" in new["includes"]:
        new["includes"]["posts"] = new["includes"].pop("tweets")
    if str(new.get("type", "")).startswith("https://api.twitter.com/"):
        new["type"] = new["type"].replace("api.twitter.com", "api.x.com", 1)
    return new
