"""The addresses that providers call."""

from django.urls import path

from watchword.api import carrier

urlpatterns = [
    path("carrier/message", carrier.message),
    path("carrier/message-status", carrier.message_status),
    path("carrier/call-status", carrier.call_status),
]
