"""openapi.json tells the truth: whatever is sent to whichever address, nothing breaks and no status is unexplained."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.county import County
from tests.integration.api.partners import CLIENT, System
from tests.integration.api.test_registrations import approve
from watchword.api.models import Case
from watchword.config.wsgi import application
from watchword.feeds.keys import make_key
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint

# Every way in which a question of the law can be wrong takes half a minute, and the law's own tests try them.
_BRIEFLY = {"operations": [{"include-operation-id": "decide", "phases": {"coverage": {"enabled": False}}}]}
described = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", application, config=schemathesis.Config.from_dict(_BRIEFLY)
)


@pytest.fixture
def shown(county: County, settings: LazySettings, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Good keys, by the security scheme that they fit, of a partner and a source with something to show."""
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"home": tmp_path})
    county.person()
    system = System(may_confirm=True, a_minute=60_000)
    system.ask(for_whom="both", other=CLIENT)
    approve()
    signals = (request_started, request_finished)
    for signal in signals:  # a request would end the test's own transaction
        signal.disconnect(close_old_connections)
    yield {"partner": system.key, "source": make_key("harbor", by="Officer Vale")}
    for signal in signals:
        signal.connect(close_old_connections)


@described.parametrize()
@settings(
    max_examples=4, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_one_that_is_described(case: "schemathesis.Case[Any]", shown: dict[str, str]) -> None:
    there_is = {
        "name": "harbor",
        "contact": ContactPoint.objects.earliest("id").pk,
        "number": Notice.objects.get().pk
        if "/notices/" in case.path
        else str(Case.objects.earliest("id").number),
    }
    if case.meta is not None and case.meta.generation.mode.is_positive:
        for name in case.path_parameters:  # else nothing but 404 would ever be seen
            case.path_parameters[name] = there_is[name]
    kind = "source" if "/sources/" in case.path else "partner"
    case.call_and_validate(
        headers={"Authorization": f"Bearer {shown[kind]}"},
        excluded_checks=[positive_data_acceptance],  # what the office's rules refuse, no schema can say
    )
