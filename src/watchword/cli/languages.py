"""A command about languages: which there are, and how far each can be trusted."""

import typer

from watchword.cli.console import Json, print_rows, set_up_django

languages = typer.Typer()


@languages.command("languages")
def language_list(as_json: Json = False) -> None:
    """List the languages: whether the office speaks them (WATCHWORD_LANGUAGES), and who has reviewed their words.

    JSON: [{language, name, spoken, words, version, pages}]. `words`: source, written, draft (made by a machine, and
    awaiting a human translator) or reviewed; `pages`: the same of the web pages.
    """
    set_up_django()
    from django.conf import settings

    from watchword.config.languages import NAMES
    from watchword.notices.languages import languages as written
    from watchword.site.languages import status_of

    spoken = dict(settings.LANGUAGES)
    rows = [
        {
            "language": code,
            "name": name,
            "spoken": code in spoken,
            "words": written()[code].review.value,
            "version": written()[code].version,
            "pages": status_of(code),
        }
        for code, name in NAMES.items()
    ]
    print_rows(rows, as_json)
