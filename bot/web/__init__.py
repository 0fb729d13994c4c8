"""HTTP on the bot's own event loop: Telegram's calls, and what an operator's monitoring asks."""
