"""Who works at the desk."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now


class StaffManager(BaseUserManager["Staff"]):
    """Finds accounts by their name; `staff.actions` makes them."""


class Staff(AbstractBaseUser):
    """One person's account. Its name is what the ledger says of whatever they do."""

    class Role(models.TextChoices):
        OFFICER = "officer", "sees and decides"
        READER = "reader", "sees"

    name = models.CharField(max_length=40, unique=True, help_text="Small letters, such as ana.reyes.")
    role = models.TextField(choices=Role)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[StaffManager] = StaffManager()

    @property
    def decides(self) -> bool:
        """Whether they may do more than look."""
        return self.role == self.Role.OFFICER

    def __str__(self) -> str:
        return self.name
