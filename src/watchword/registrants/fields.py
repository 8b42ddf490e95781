"""A column of moments: PostgreSQL's own set of time ranges, so that "was it entitled then?" is one operator."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.multirange import Multirange

Moments = Multirange[datetime]

if TYPE_CHECKING:
    _Field = models.Field[Moments, Moments]
else:
    _Field = models.Field


class MomentsField(_Field):
    """A `tstzmultirange`: any number of time ranges, kept in order and apart by the database."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tstzmultirange"
