"""Copies of what cannot be made again: chats.db and the uploaded digests, saved to one file and brought back."""

from bot.keeping.restoring import NotRestored, Staged, restore, staged
from bot.keeping.saving import NotSaved, Saved, save, save_to

__all__ = ["NotRestored", "NotSaved", "Saved", "Staged", "restore", "save", "save_to", "staged"]
