"""Every address this system answers."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("watchword.api.v1")),
    path("webhooks/", include("watchword.api.urls")),
    path("phone/", include("watchword.phone.urls")),
    path("desk/", include("watchword.desk.urls")),
    path("", include("watchword.site.urls")),
]
