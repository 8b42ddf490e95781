"""The API's first version, under /api/v1/. It describes itself in openapi.json."""

from typing import Any

from django.urls import path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from watchword.api import law, notices, registrations, sources, webhooks
from watchword.api.problems import CONTENT_TYPE, speak_of_problems

_REPEATABLE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "The sender's own name of this request. The same one again is done once, and answered as it was.",
}


class _Api(NinjaAPI):
    """Says of each error that it is a problem, and which writes may be sent again, where ninja cannot know."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, as openapi.json serves it."""
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return schema


def _complete(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {CONTENT_TYPE: answer["content"].pop("application/json")}
    if operation["operationId"] in _ONCE:
        operation["parameters"] = [*operation.get("parameters", []), _REPEATABLE]


_ONCE = frozenset(
    ("ask", "pause", "resume", "end", "send_code", "test_webhook", "send_roster", "send_changes")
)

api = _Api(
    title="Watchword",
    version="1",
    description="Registrations by an advocate's case system, their notices, and what comes in from sources.",
    urls_namespace="api-v1",
    docs_url=None,  # its page would come from other people's servers
)
speak_of_problems(api)
api.add_router("/registrations", registrations.router)
api.add_router("/notices", notices.router)
api.add_router("/webhooks", webhooks.router)
api.add_router("/law", law.router)
api.add_router("/sources", sources.router)

urlpatterns = [path("", api.urls)]
