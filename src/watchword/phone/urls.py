"""The addresses that a carrier follows in a call."""

from django.urls import path

from watchword.phone import outgoing, person, proving, testing, tones
from watchword.phone.line import answering

urlpatterns = [
    path("call/<str:token>/start", outgoing.start),
    path("call/<str:token>/quiet", outgoing.quiet),
    path("call/<str:token>/voicemail", outgoing.voicemail),
    path("call/<str:token>/pin", outgoing.pin),
    path("call/<str:token>/again", outgoing.again),
    path("test/<str:language>", testing.start, {"says": "test"}),
    path("change/<str:language>", testing.start, {"says": "change"}),
    path("prove/<str:token>/start", proving.start),
    path("prove/<str:token>/pin", proving.pin),
    path("tones/<str:token>.wav", tones.play),
    path("inbound", answering.start),
    path("inbound/<slug:name>", answering.go_on),
    path("person-ended", person.ended),
]
