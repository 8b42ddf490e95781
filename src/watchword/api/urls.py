"""The addresses that providers call."""

from django.urls import path

from watchword.api import carrier, email, push

urlpatterns = [
    path("email/bounce", email.bounce),
    path("email/<str:name>", email.provider),
    path("carrier/message", carrier.message),
    path("push/confirm/<str:token>", push.confirm),
    path("<str:provider>/<str:kind>-status", carrier.status),
]
