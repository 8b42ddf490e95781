from django.apps import AppConfig


class RegistrantsConfig(AppConfig):
    name = "watchword.registrants"
    default_auto_field = "django.db.models.BigAutoField"
