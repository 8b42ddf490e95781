"""Events only grow, and records have room to change in place."""

from django.db import migrations

_APPEND_ONLY = """
CREATE FUNCTION watchword_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: record a correction instead', TG_TABLE_NAME;
END $$;
CREATE TRIGGER custody_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event
    FOR EACH STATEMENT EXECUTE FUNCTION watchword_refuse_change();
"""

# The half of a foreign key that is needed: what events and records refer to is never deleted. The other half would look
# up once more what was just joined (models.Record).
_KEEP = """
CREATE FUNCTION custody_keep_what_is_referred_to() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE used boolean;
BEGIN
    used := CASE TG_TABLE_NAME
        WHEN 'custody_record' THEN
            EXISTS (SELECT FROM custody_event WHERE person_id = OLD.person_id AND record_id = OLD.id)
        WHEN 'custody_person' THEN
            EXISTS (SELECT FROM custody_event WHERE person_id = OLD.id)
            OR EXISTS (SELECT FROM custody_record WHERE person_id = OLD.id)
        WHEN 'feeds_roster' THEN EXISTS (SELECT FROM custody_event WHERE roster_id = OLD.id)
    END;
    IF used THEN
        RAISE EXCEPTION '% % is referred to by what is known of a person and cannot be deleted.', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER custody_keep BEFORE DELETE ON custody_record
    FOR EACH ROW EXECUTE FUNCTION custody_keep_what_is_referred_to();
CREATE TRIGGER custody_keep BEFORE DELETE ON custody_person
    FOR EACH ROW EXECUTE FUNCTION custody_keep_what_is_referred_to();
CREATE TRIGGER custody_keep BEFORE DELETE ON feeds_roster
    FOR EACH ROW EXECUTE FUNCTION custody_keep_what_is_referred_to();
"""

_KEEP_NO_MORE = """
DROP TRIGGER custody_keep ON custody_record;
DROP TRIGGER custody_keep ON custody_person;
DROP TRIGGER custody_keep ON feeds_roster;
DROP FUNCTION custody_keep_what_is_referred_to();
"""

# A roster changes rows all over these tables, few on each page. With room on the page, the new version of a row stays on
# it, and no index has to learn where it went: a quarter of the writing (bench/diff).
_ROOM = """
ALTER TABLE custody_record SET (fillfactor = 80);
"""


# A record that says what no row of a list says stands on lines of no row, so that any row, or none, is compared with it.
_OF_NO_ROW = """
CREATE FUNCTION custody_of_no_row(lines uuid[]) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT md5(line::text || ' of no row')::uuid FROM unnest(lines) WITH ORDINALITY one (line, place) ORDER BY place)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _APPEND_ONLY,
            "DROP TRIGGER custody_event_append_only ON custody_event; DROP FUNCTION watchword_refuse_change()",
        ),
        migrations.RunSQL(_KEEP, _KEEP_NO_MORE),
        migrations.RunSQL(_OF_NO_ROW, "DROP FUNCTION custody_of_no_row(uuid[])"),
        migrations.RunSQL(_ROOM, "ALTER TABLE custody_record RESET (fillfactor)"),
    ]
