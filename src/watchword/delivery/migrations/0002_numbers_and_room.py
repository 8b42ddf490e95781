"""Numbers for workers, each used once, so that a lock never names two workers; and room on each page of attempts, so
that the one change every attempt sees stays on its page and touches no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE delivery_worker_number AS integer CYCLE",
            "DROP SEQUENCE delivery_worker_number",
        ),
        migrations.RunSQL(
            "ALTER TABLE delivery_attempt SET (fillfactor = 40)",
            "ALTER TABLE delivery_attempt RESET (fillfactor)",
        ),
    ]
