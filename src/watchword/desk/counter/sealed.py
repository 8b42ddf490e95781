"""Values of a request as they are kept: JSON, encrypted, each in a context of its own."""

import json
from typing import Any

from watchword.core.encryption import keyring


def sealed(value: Any, what: str) -> bytes:
    """The value for the column `what`."""
    return keyring().encrypt(json.dumps(value, ensure_ascii=False), f"law_request.{what}")


def opened(value: bytes | memoryview, what: str) -> Any:
    """The value again."""
    return json.loads(keyring().decrypt(value, f"law_request.{what}"))
