"""The client: django-anymail's backend of the configured provider, one a thread, each with a connection of its own.

A provider goes by anymail's name of it in WATCHWORD_EMAIL_PROVIDERS; its keys are in WATCHWORD_ANYMAIL.
"""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.anymail.errors import refusal, refusal_of_recipient
from watchword.delivery.channels.mail import ascii_domain, headers, token_of
from watchword.delivery.records import Accepted, Answer, CannotAsk, Outbound, Result, Sought, Unknown

REFERENCE = "reference"
"""The name under which the provider keeps the attempt's token, and gives it back with each receipt."""


class AnymailProvider:
    """Email through one provider's API. Opens and clicks are not tracked."""

    channels = ("email",)

    def __init__(
        self, *, name: str, settings: Mapping[str, Any], sender: str, slots: int, timeout_seconds: float
    ) -> None:
        """`name` is that of one of anymail's backends, such as 'postmark'; `settings` are as anymail names them.

        WatchwordError where it lacks one, or a package that it needs.
        """
        self.name = name
        self.slots = slots
        self._sender = sender
        self._own = threading.local()
        self._backends: list[BaseEmailBackend] = []
        self._threads: ThreadPoolExecutor
        prefix = f"{name.upper()}_"
        own = {
            key.removeprefix(prefix).lower(): value
            for key, value in settings.items()
            if key.startswith(prefix)
        }
        # Not every provider can be told to track nothing: some never do.
        self._options = own | {"timeout": timeout_seconds, "ignore_unsupported_features": True}
        try:
            self._backend_class: type[BaseEmailBackend] = import_string(
                f"anymail.backends.{name}.EmailBackend"
            )
            self._backend_class(**self._options)  # which looks at its settings
        except (ImportError, ImproperlyConfigured) as error:
            raise WatchwordError(
                f"WATCHWORD_ANYMAIL, or this installation, lacks what {name} needs. django-anymail's documentation "
                "lists its settings and packages."
            ) from error

    async def open(self) -> None:
        """Make ready; connections are made when first needed and kept."""
        self._threads = ThreadPoolExecutor(self.slots, thread_name_prefix="anymail")

    async def close(self) -> None:
        """Let go of all connections."""
        await asyncio.to_thread(self._threads.shutdown)
        for backend in self._backends:
            backend.close()
        self._backends.clear()

    async def send(self, outbound: Outbound) -> Result:
        """Hand over a mail."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, outbound)

    async def find(self, sought: Sought) -> Answer:
        """What the providers have in common holds no list to look in."""
        return CannotAsk()

    def _send(self, outbound: Outbound) -> Result:
        message: Any = self._message(outbound)
        try:
            self._backend().send_messages([message])
        except AnymailRecipientsRefused:
            return refusal_of_recipient(message.anymail_status)
        except AnymailError as error:
            return refusal(error)
        status = message.anymail_status
        if status.message_id or {"sent", "queued"} & (status.status or set()):
            return Accepted(provider_id=status.message_id)
        return Unknown(code="unreadable_answer")

    def _backend(self) -> BaseEmailBackend:
        backend: BaseEmailBackend | None = getattr(self._own, "backend", None)
        if backend is None:
            backend = self._own.backend = self._backend_class(**self._options)
            backend.open()
            self._backends.append(backend)
        return backend

    def _message(self, outbound: Outbound) -> EmailMessage:
        name = outbound.sender_name.replace('"', "")
        message: Any = EmailMessage(
            subject=outbound.subject,
            body=outbound.body,
            from_email=f'"{name}" <{self._sender}>' if name else self._sender,
            to=[ascii_domain(outbound.to)],
            headers=headers(outbound),
        )
        message.metadata = {REFERENCE: token_of(outbound.reference)}
        message.track_clicks = message.track_opens = False
        return message  # type: ignore[no-any-return]
