"""docs/reference/settings.md, made from the settings themselves: `python -m watchword.config.settings_page`."""

from watchword.config.environment import Environment, is_secret, variable_name

_HEAD = """\
# Settings

Made from `src/watchword/config/environment.py` by `make docs`; change it there.

Each setting is a variable of the environment, or a line `NAME=value` in the file `.env` in WATCHWORD_HOME; where both
give it, the environment's wins. WATCHWORD_HOME itself comes from the environment alone. `watchword doctor` shows the
values in force, where each comes from, and whether the database, the ports and the carriers answer. Secrets are never
shown.

| setting | when not given | meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = []
    for name, declared in Environment.model_fields.items():
        meaning = f"{declared.description}{' A secret.' if is_secret(declared) else ''}"
        default = f"`{declared.default}`" if declared.default != "" else ""
        rows.append(f"| `{variable_name(name)}` | {default} | {meaning} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    print(page(), end="")
