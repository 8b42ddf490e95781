"""Numbers for workers: each is used once, so a lock's number never names two workers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE delivery_worker_number AS integer CYCLE",
            "DROP SEQUENCE delivery_worker_number",
        )
    ]
