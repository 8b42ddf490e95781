"""The least that a django-ninja endpoint can do and still keep something (bench/sign_ups.py)."""

from django.db import connection
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema

api = NinjaAPI()


class Row(Schema):
    """What is kept."""

    words: str


@api.post("/rows")
def write(request: HttpRequest, row: Row) -> Row:
    """Keep it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (words) VALUES (%s)", [row.words])
    return row


urlpatterns = [path("", api.urls)]
