"""The bot as a process of its own, spoken to over HTTP. Nothing here sleeps: all waiting is for an event."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tests.telegram.people import Chat, Person
from tests.telegram.replies import Button, Reply, find_button, replies_from

if TYPE_CHECKING:
    from tests.telegram.server import Server
    from tests.telegram.stand_in import StandIn

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "bot.cli", "run")
# What the developer's own shell may hold, and a test must not depend on.
FOREIGN = ("TELEGRAM_", "DIGESTBOT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class LiveBot:
    """One run of the bot, from `start` (or entering the context) to `stop` or `kill`.

    folder: where it runs; its data are in `data` there. environment: further variables. After `kill` or
    `stop`, `start` runs it again on the same folder. Leaving the context checks what `check` checks.
    """

    def __init__(
        self,
        stand_in: StandIn,
        server: Server,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        command: Sequence[str] = COMMAND,
        patience: float = 30.0,
    ) -> None:
        self.stand_in = stand_in
        self.api = stand_in.api
        self.server = server
        self.folder = folder
        self.patience = patience
        self._arguments = [*command, *arguments]
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)},
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": stand_in.token,
            "DIGESTBOT_API_URL": server.url,
            "DIGESTBOT_DATA": str(folder / "data"),
            # The processes of tests at the same time cannot all have one port.
            "DIGESTBOT_MONITOR": "off",
            **(environment or {}),
        }
        self._log = folder / "bot.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._seen = len(self.api.refusals)

    def start(self) -> None:
        """Starts the process and waits until it asks for updates, or for having them brought."""
        polls, registrations = self.api.polls, self.api.webhook.registrations
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                self._arguments,
                env=self._environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._process = process
        self._watcher = threading.Thread(target=self._watch, args=(process,), daemon=True)
        self._watcher.start()
        self.wait_for(lambda: self.api.polls > polls or self.api.webhook.registrations > registrations)

    def stop(self) -> int:
        """Asks the process to end, as systemd does (SIGTERM); its exit status."""
        return self._end(subprocess.Popen.terminate)

    def kill(self) -> int:
        """SIGKILL: the process ends between two instructions."""
        return self._end(subprocess.Popen.kill)

    def hang_up(self) -> None:
        """Asks the process to load its digests (SIGHUP)."""
        if self._process is None:
            raise RuntimeError("the bot was never started")
        self._process.send_signal(signal.SIGHUP)

    def tell(self, person: Person, text: str, *, chat: Chat | None = None, **fields: Any) -> int:
        """Queues a message; the number of the request from which the replies to it count."""
        with self.api.changed:
            self.api.queue(self.stand_in.updates.message(person, text, chat=chat, **fields))
            return len(self.api.calls)

    def say(self, person: Person, text: str, *, count: int = 1, chat: Chat | None = None) -> list[Reply]:
        """Writes to the bot and waits for this many replies."""
        return self.wait_for_replies(count, since=self.tell(person, text, chat=chat))

    def press(self, person: Person, button: Button | str, on: Reply, *, count: int = 1) -> list[Reply]:
        """Presses a button and waits for its answer and for this many replies."""
        chosen = find_button(on.all_buttons, button) if isinstance(button, str) else button
        if chosen.data is None:
            raise ValueError(f"{chosen} sends nothing to the bot")
        with self.api.changed:
            update = self.stand_in.updates.press(person, on.message, chosen.data)
            self.api.queue(update)
            since = len(self.api.calls)
        callback = self.api.callbacks[update["callback_query"]["id"]]
        self.wait_for(lambda: callback.answered)
        return self.wait_for_replies(count, since=since)

    def wait_for_replies(self, count: int, *, since: int = 0) -> list[Reply]:
        """The replies from request `since` on, as soon as there are this many."""

        def enough() -> list[Reply] | None:
            replies = self.replies_since(since)
            return replies if len(replies) >= count else None

        return self.wait_for(enough) if count else self.replies_since(since)

    def replies_since(self, mark: int) -> list[Reply]:
        """The replies among the requests from number `mark` on, so far."""
        with self.api.changed:
            chats = {callback.id: callback.chat_id for callback in self.api.callbacks.values()}
            return replies_from(self.api.calls[mark:], chats)

    def wait_for(self, condition: Callable[[], Any]) -> Any:
        """Waits for a condition on the stand-in; fails at once, with the output, where the process ended."""
        try:
            value = self.api.wait_for(lambda: condition() or (self.returncode is not None and "ended"), self.patience)
        except TimeoutError as error:
            raise TimeoutError(f"waited {self.patience} s in vain; the bot wrote:\n{self.output}") from error
        if self.returncode is not None and not condition():
            raise ChildProcessError(f"the bot ended with status {self.returncode}:\n{self.output}")
        return value

    @property
    def returncode(self) -> int | None:
        """The exit status, or None while it runs (or never ran)."""
        return self._process.returncode if self._process else None

    @property
    def output(self) -> str:
        """All it wrote to standard output and standard error, over all its runs."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def check(self) -> None:
        """Raises for requests no well-made bot sends, for buttons left unanswered, and for a token shown."""
        wrong = [refusal for refusal in self.api.refusals[self._seen :] if refusal.malformed]
        assert not wrong, f"requests Telegram refuses: {[str(refusal) for refusal in wrong]}"
        unanswered = [callback.data for callback in self.api.open_callbacks]
        assert not unanswered, f"buttons left unanswered: {unanswered}"
        secret = self.stand_in.token.partition(":")[2]
        assert secret not in self.output, f"the token is in the output:\n{self.output}"

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with self.api.changed:
            self.api.changed.notify_all()

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> int:
        if self._process is None or self._watcher is None:
            raise RuntimeError("the bot was never started")
        how(self._process)
        self._watcher.join(self.patience)
        if self._process.returncode is None:
            self._process.kill()
            self._watcher.join()
            raise TimeoutError(f"the bot did not end in {self.patience} s:\n{self.output}")
        return self._process.returncode

    def __enter__(self) -> LiveBot:
        try:
            self.start()
        except (TimeoutError, ChildProcessError):
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self.returncode is None:
                self.stop()
            if kind is None:
                self.check()
        finally:
            self._close()

    def _close(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
        if self._watcher:
            self._watcher.join()
