"""/api/v1/law: what the law says of an immigration request. Nothing is read or kept of anybody."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from watchword.api.models import Scope
from watchword.api.opening import KeyOfPartner
from watchword.api.problems import REFUSALS
from watchword.law import Question
from watchword.law import decide as decide_by_the_rules
from watchword.law.pages import AnswerForm

router = Router(tags=["law"], auth=KeyOfPartner(Scope.LAW))


@router.post("/decide", response={200: AnswerForm, **REFUSALS}, operation_id="decide", exclude_unset=True)
def decide(request: HttpRequest, question: Question) -> dict[str, Any]:
    """May this office do this on this day? The answer of `watchword law decide`, with everything that it rests on."""
    return decide_by_the_rules(question).as_data()
