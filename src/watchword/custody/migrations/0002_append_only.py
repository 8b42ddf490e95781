"""Events only grow, and the one helper that the comparison's SQL needs."""

from django.db import migrations

_APPEND_ONLY = """
CREATE FUNCTION watchword_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: record a correction instead', TG_TABLE_NAME;
END $$;
CREATE TRIGGER custody_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event
    FOR EACH STATEMENT EXECUTE FUNCTION watchword_refuse_change();
"""

_CHANGED = """
CREATE FUNCTION watchword_changed(before jsonb, after jsonb, fields text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- [before, after] of those of the fields that differ; null where none does
    SELECT jsonb_build_array(jsonb_object_agg(field, before -> field), jsonb_object_agg(field, after -> field))
    FROM unnest(fields) field
    WHERE before -> field IS DISTINCT FROM after -> field
    HAVING count(*) > 0
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _APPEND_ONLY,
            "DROP TRIGGER custody_event_append_only ON custody_event; DROP FUNCTION watchword_refuse_change()",
        ),
        migrations.RunSQL(_CHANGED, "DROP FUNCTION watchword_changed(jsonb, jsonb, text[])"),
    ]
