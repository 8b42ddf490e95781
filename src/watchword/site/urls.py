"""The addresses of the public's and the registrants' pages."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from watchword.site import home, message, pushes, unsubscribe
from watchword.site.sign_up import later

urlpatterns = [
    path("", home.home, name="home"),
    path("c/<str:token>", later.give, name="give-code"),
    # Old phones ask for it whatever the page says, and others until they have read the page's head.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}site/icon.svg", permanent=True)),
    path("way", home.way, name="way"),
    path("way/now", home.way_part, name="way-part"),
    path("m/<str:token>", message.message, name="message"),
    path("m/<str:token>/not-mine", message.not_mine, name="not-mine"),
    path("", include("watchword.site.account.urls")),
    path("office/pushes/<str:token>", pushes.pushes, name="pushes"),
    path("office/pushes/<str:token>/<int:delivery>", pushes.replay, name="push-replay"),
    path("sign-up", include("watchword.site.sign_up.urls")),
    path("u/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/undo", unsubscribe.undo, name="unsubscribe-undo"),
]
