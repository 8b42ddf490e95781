from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "watchword.worklist"
    default_auto_field = "django.db.models.BigAutoField"
