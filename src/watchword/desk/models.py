"""The tables of the desk."""

from watchword.desk.counter.models import Decision, KnownConviction, LawRequest
from watchword.desk.staff.models import Staff

__all__ = ["Decision", "KnownConviction", "LawRequest", "Staff"]
