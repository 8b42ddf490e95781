"""In and out, by django-allauth: a name and a password, then a code of an authenticator app.

Whoever comes with a new password sets the app up first, and then signs in with it: a password alone opens nothing else.
Wrong tries are counted for each name, whether or not anybody has it, and for each address.
"""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from watchword.audit.actions import record
from watchword.desk.pages import desk_page, staff_of
from watchword.desk.staff import demo
from watchword.desk.staff.forms import Code, FirstCode, SignIn
from watchword.desk.staff.models import Staff

_READ_AND_SENT = ["GET", "HEAD", "POST"]


class _SignIn(LoginView):
    template_name = "desk/sign_in.html"
    form_class = SignIn

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """With a word of what was just done."""
        shown: dict[str, Any] = super().get_context_data(**given)
        return shown | {"is_set_up": self.request.GET.get("done") == "set-up"}


sign_in = require_http_methods(_READ_AND_SENT)(desk_page(_SignIn.as_view()))


class _Code(AuthenticateView):
    template_name = "desk/code.html"
    form_class = Code

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """With the code itself, in the demo."""
        shown: dict[str, Any] = super().get_context_data(**given)
        secret = demo.secret_of(self.stage.login.user) if settings.WATCHWORD.demo else ""
        return shown | {"demo_code": demo.code_shown(self.request, secret)}


code = require_http_methods(_READ_AND_SENT)(desk_page(_Code.as_view()))


class _SetUp(ActivateTOTPView):
    template_name = "desk/set_up.html"
    form_class = FirstCode

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """With the code that the app would show, in the demo."""
        shown: dict[str, Any] = super().get_context_data(**given)
        return shown | {"demo_code": demo.code_shown(self.request, shown["form"].secret)}

    def get_success_url(self) -> str:
        """To the door: they sign in with the app."""
        return f"{reverse('account_login')}?done=set-up"

    def form_valid(self, form: FirstCode) -> HttpResponse:
        """The app is known, and the password has done its part."""
        staff = self.request.user
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(str(staff), "staff.authenticator", f"staff:{staff.pk}")
        logout(self.request)
        return response


_set_up = _SetUp.as_view()


@require_http_methods(_READ_AND_SENT)
@desk_page
def set_up(request: HttpRequest) -> HttpResponse:
    """An authenticator app, for whoever has none and came with their password."""
    user = request.user
    if not user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    if Authenticator.objects.filter(user=user.pk).exists():
        return HttpResponseRedirect(reverse("desk"))
    response: HttpResponse = _set_up(request)
    return response


@require_POST
@desk_page
def leave(request: HttpRequest) -> HttpResponse:
    """Signed out."""
    staff = staff_of(request)
    if staff is not None:
        record(staff.name, "staff.sign_out", f"staff:{staff.pk}")
    logout(request)
    return HttpResponseRedirect(reverse("account_login"))


@receiver(user_logged_in, sender=Staff)
def _came_in(user: Staff, **_more: object) -> None:
    record(user.name, "staff.sign_in", f"staff:{user.pk}")
