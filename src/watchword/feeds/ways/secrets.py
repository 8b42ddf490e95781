"""What we show to the servers that we fetch from: out of the environment or a file, never out of a mapping."""

import json
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError

from watchword.core.errors import WatchwordError


class Credential(BaseModel):
    """What is shown for one source: a user and a password, or a private key, or a token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str = ""
    password: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    private_key_file: Path | None = None


_CREDENTIALS = TypeAdapter(dict[str, Credential])


def credential_of(source: str) -> Credential:
    """What is shown for this source; an empty one where nothing is given. The file is read anew each time."""
    given = dict(settings.WATCHWORD.feed_credentials)
    path = settings.WATCHWORD.feed_credentials_file
    if path is not None:
        try:
            given |= json.loads(path.read_text())
        except (OSError, ValueError):
            raise WatchwordError("WATCHWORD_FEED_CREDENTIALS_FILE cannot be read as a JSON object.") from None
    try:
        return _CREDENTIALS.validate_python({source: given.get(source, {})})[source]
    except ValidationError:
        raise WatchwordError(
            f"The credentials of {source} cannot be used: give user, password, token or private_key_file."
        ) from None
