"""``digestbot doctor``: what is well with a bot's surroundings, what is not, and what to do about it.

Each check is a function in one of the modules here, registered with its name; this is all there is to adding one.
"""

# The order in which it is told.
# isort: off
from bot.doctor import settings, telegram, digests, chats, machine, extras
from bot.doctor.registry import Case, Check, Finding, fault, ok, register, registered, warning

__all__ = [
    "Case",
    "Check",
    "Finding",
    "chats",
    "digests",
    "extras",
    "fault",
    "machine",
    "ok",
    "register",
    "registered",
    "settings",
    "telegram",
    "warning",
]
