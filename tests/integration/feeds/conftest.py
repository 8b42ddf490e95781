"""An invented source with its raw files in a folder of its own."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from watchword.feeds.models import Source
from watchword.feeds.receiving import add_source

MAPPING = """\
agency: Harbor County Sheriff
title: Custody list
time_zone: America/New_York
rhythm: 24 hours
absence: {means: vanished}
retention: 30 days
format: {kind: csv}
columns: {person_key: id, last_name: name, charges: {column: charges, separator: ";"}}
"""


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    """A home of this test's own."""
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"home": tmp_path})
    return tmp_path


@pytest.fixture
def source(home: Path, db: None) -> Source:
    return add_source("harbor", MAPPING)
