"""Keys for trying and testing: made once per WATCHWORD_HOME, readable by its owner only."""

import json
import os
import secrets
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

from watchword.config.environment import Environment

NAMES = ("secret_key", "field_keys", "blind_index_key", "carrier_account", "carrier_token")
"""The settings that they stand in for."""


def with_development_keys(environment: Environment) -> Environment:
    """The same settings with every empty key filled from `development-keys.json` under the home folder."""
    missing = [name for name in NAMES if not getattr(environment, name)]
    if not missing:
        return environment
    path = keys_file(environment)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(_generate(), indent=1))
        with suppress(FileExistsError):
            os.link(fresh, path)  # the first process to arrive wins; the others read what it wrote
        fresh.unlink()
    keys = json.loads(path.read_text())
    return environment.model_copy(update={name: keys[name] for name in missing})


def keys_file(environment: Environment) -> Path:
    """Where the development keys are, or will be."""
    return environment.home / "development-keys.json"


def _generate() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "field_keys": "dev1:" + b64encode(secrets.token_bytes(32)).decode(),
        "blind_index_key": b64encode(secrets.token_bytes(32)).decode(),
        "carrier_account": "AC" + secrets.token_hex(16),
        "carrier_token": secrets.token_hex(16),
    }
