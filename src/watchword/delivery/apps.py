from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "watchword.delivery"
    default_auto_field = "django.db.models.BigAutoField"
