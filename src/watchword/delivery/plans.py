"""How PostgreSQL plans what a worker asks of the queue: once for each connection, and by the indexes.

A worker runs the same three statements (sql/claim.sql, sql/move.sql, sql/end_attempts.sql) a hundred times a second,
and to plan them takes as long as to run them. A plan that is kept must be right for a queue of any length, and
statistics made while it was empty say that it is quickest read from end to end. So these plans go by the indexes
alone, which is right for every length: a claim reads one short range, and all else is found by its key.
"""

from django.db import connection

_BY_INDEXES = " ".join(
    f"-c {name}"
    for name in (
        "plan_cache_mode=force_generic_plan",
        "enable_seqscan=off",
        "enable_bitmapscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
    )
)


def plan_once() -> None:
    """From now on, whatever this thread's connection runs by `core.batches` is planned once, and by the indexes."""
    given = connection.settings_dict
    options = {
        "options": f"{given['OPTIONS'].get('options', '')} {_BY_INDEXES}".strip(),
        "prepare_threshold": 0,
    }
    connection.settings_dict = given | {"OPTIONS": given["OPTIONS"] | options}
    connection.close()
