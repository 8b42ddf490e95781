"""What is asked at the door, in the looks of our other forms."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

from watchword.site.forms import Digits, Line, Renderer


class _Ours(forms.Form):
    """As `PlainForm`, for forms that are not ours."""

    asked: str | None = None
    default_renderer = Renderer()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))


class SignIn(_Ours, LoginForm):
    """A name and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="Name",
            help_text="Such as ana.reyes",
            max_length=40,
            widget=Line(autocomplete="username"),
            error_messages={"required": "Type your name."},
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            max_length=128,
            strip=False,
            widget=forms.PasswordInput({"class": "usa-input", "autocomplete": "current-password"}),
            error_messages={"required": "Type your password."},
        )
        self.order_fields(["login", "password"])


def _code(hint: str) -> forms.CharField:
    return forms.CharField(
        label="Code",
        help_text=hint,
        max_length=32,
        widget=Digits(autocomplete="one-time-code"),
        error_messages={"required": "Type the code."},
    )


class Code(_Ours, AuthenticateForm):
    """The code of the authenticator app."""

    code = _code("Six digits, from your authenticator app")


class FirstCode(_Ours, ActivateTOTPForm):
    """The first code of an app that was just set up."""

    code = _code("Six digits, which the app shows now")
