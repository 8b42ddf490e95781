from django.apps import AppConfig
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    name = "watchword.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Nobody here has Django's permissions, so no rows of them, and of the types they need, are made."""
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
