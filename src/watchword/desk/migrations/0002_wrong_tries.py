"""Where wrong tries to sign in are counted, for all processes: the table of Django's cache."""

from django.core.management import call_command
from django.db import migrations


def make(apps: object, schema_editor: object) -> None:
    """Nothing where it is there already, as in a test's database."""
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
