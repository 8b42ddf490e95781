"""The addresses of the API's first version, under /api/v1/."""

from django.urls import path

from watchword.api import sources

urlpatterns = [
    path("sources/<str:name>/rosters", sources.rosters),
    path("sources/<str:name>/changes", sources.changes),
]
