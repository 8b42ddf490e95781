"""The assertions of the stories' steps explain themselves like those of a test."""

import pytest

pytest.register_assert_rewrite("tests.integration.custody.rosters")
