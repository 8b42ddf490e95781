"""The addresses that a carrier follows in a call."""

from django.urls import path

from watchword.phone import outgoing

urlpatterns = [
    path("call/<str:token>/start", outgoing.start),
    path("call/<str:token>/pin", outgoing.pin),
    path("call/<str:token>/again", outgoing.again),
]
