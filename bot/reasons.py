"""Why deliveries did not arrive, in the words the ledger has: our own and, of Telegram's, those that are no fault."""

from __future__ import annotations

AWAY = "the bot was away for too long"
LATE = "it was too late to send it"
ENDED = "the bot ended while it was being sent"
UNWRITTEN = "it could not be written"

# What Telegram says, in lower case, where a chat is gone or closed to the bot.
_OUT_OF_REACH = (
    "forbidden", "chat not found", "not enough rights", "have no rights", "chat_write_forbidden",
    "user is deactivated", "bot is not a member", "group chat was deactivated", "need administrator rights",
    "peer_id_invalid",
)  # fmt: skip


def is_out_of_reach(reason: str) -> bool:
    """Whether what Telegram said means that the chat is gone, or has shut the bot out."""
    return any(said in reason.casefold() for said in _OUT_OF_REACH)
