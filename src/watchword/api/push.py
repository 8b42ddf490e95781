"""What partners' systems tell us."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from watchword.delivery.confirmation import confirm_by_partner


@csrf_exempt
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A person at the partner has told the registrant. The token came with the push, and is all the authority there is;
    the body is not read. 404 alike for a token of nobody's and a partner that may not confirm."""
    return HttpResponse(status=204) if confirm_by_partner(token) else HttpResponseNotFound()
