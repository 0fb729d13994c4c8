"""Telegram's side of a webhook: it brings what people do to the address that the bot registered."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.telegram.api import BotApi

TIMEOUT = 10.0


class WebhookCaller:
    """Calls the bot in a thread of its own, one update after the other, from `start` to `stop`.

    A call that fails is told of in getWebhookInfo. It is made again as soon as there is something new: another update,
    or another setWebhook.
    """

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._leaving = False
        self._in_vain: object = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self.api.changed:
            self._leaving = True
            self.api.changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (update := self._next()) is not None:
            failure = self._call(update)
            with self.api.changed:
                if failure is None:
                    self.api.updates.remove(update)
                else:
                    self._in_vain = self._state()
                    self.api.webhook.error = (int(self.api.clock()), failure)
                self.api.changed.notify_all()

    def _next(self) -> dict[str, Any] | None:
        """The next update to bring; None when it is time to leave."""
        api = self.api
        with api.changed:
            while True:
                if api.webhook_url:
                    api.drop_unwanted(api.webhook.allowed_updates)
                if self._leaving:
                    return None
                if api.webhook_url and api.webhook.route and api.updates and self._state() != self._in_vain:
                    return api.updates[0]
                api.changed.wait()

    def _state(self) -> object:
        return self.api.webhook.registrations, self.api.updates[-1]["update_id"] if self.api.updates else None

    def _call(self, update: dict[str, Any]) -> str | None:
        """Why it failed; None where it did not."""
        hook = self.api.webhook
        address = urlsplit(self.api.webhook_url)
        try:
            with httpx.Client(trust_env=False, timeout=TIMEOUT, verify=hook.tls or True) as client:
                answer = client.post(
                    f"{hook.route}{address.path}",
                    content=json.dumps(update),
                    headers={
                        "Host": address.netloc,
                        "Content-Type": "application/json",
                        **({"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}),
                    },
                    extensions={"sni_hostname": address.hostname},
                )
        except httpx.HTTPError as error:
            return f"Connection failed: {type(error).__name__}"
        return None if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
