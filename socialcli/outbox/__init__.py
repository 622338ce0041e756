"""Drafts on their way: posted exactly once, or known not to be.

``composed -> (approved) -> (scheduled) -> intended -> sent | failed | parked | unknown``; before the intent a
draft can be ``rejected`` by who approves, or ``recalled`` by its author

1. The intent is on disk before the network hears of the draft; it carries the whole text.
2. A kernel lock per draft is held from intent to receipt. Who gets the lock and finds an intent without an
   outcome knows that its writer is dead, and looks the post up before anything else.
3. Compare and append: under the queue's lock the intent is written only if the ticket has no other draft on
   its way and nothing changed since the draft was composed.
4. Just before, the thread is read again. Whatever is new there stops the post and parks the draft.
5. An outcome that nobody knows is settled by our own posts, never by trying again. An empty look-up counts
   only where reads are never late, or as the second one, ``outbox.settle_after`` after the intent.
6. Who may only draft sends nothing, by no road: not what others wrote, and what they wrote only with a yes.
"""
