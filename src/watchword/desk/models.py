"""The tables of the desk."""

from watchword.desk.staff.models import Staff

__all__ = ["Staff"]
