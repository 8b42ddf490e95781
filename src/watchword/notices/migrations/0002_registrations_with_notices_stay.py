"""A registration that was told something cannot be deleted: what was said to whom must always be shown.

It is the half of a foreign key that is needed; the other half would cost most of the time of telling (models.Notice).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION notices_keep_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM notices_notice WHERE registration_id = OLD.id) THEN
        RAISE EXCEPTION 'Registration % has notices and cannot be deleted: end it instead.', OLD.id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER notices_keep_registration BEFORE DELETE ON registrants_registration
    FOR EACH ROW EXECUTE FUNCTION notices_keep_registration();
"""

BACKWARD = """
DROP TRIGGER notices_keep_registration ON registrants_registration;
DROP FUNCTION notices_keep_registration();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
