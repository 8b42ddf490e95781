"""The address of signing up."""

from django.urls import path

from watchword.site.sign_up import views

urlpatterns = [path("", views.sign_up, name="sign-up")]
