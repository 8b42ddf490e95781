from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "watchword.feeds"
    default_auto_field = "django.db.models.BigAutoField"
