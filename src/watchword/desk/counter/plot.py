"""How many answers went from what to what, as a drawing within a page: bars, each under its words."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from watchword.desk.counter.wording import ACTIONS

_WIDTH, _ROW, _NUMBERS = 400, 46, 60


def plot(moved: Mapping[tuple[str, str, str], int]) -> SafeString:
    """An SVG, or nothing where nothing was asked. Those that stay are drawn pale, those that change full."""
    if not moved:
        return SafeString("")
    most = max(moved.values())
    bars = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="{}" x="0" y="{}" width="{}" height="16"/>'
        '<text x="{}" y="{}">{}</text>',
        (
            _bar(place * _ROW, change, count, most)
            for place, (change, count) in enumerate(sorted(moved.items()))
        ),
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="Bars of how many answers stay and change; '
        'the table below names those that change">{}</svg>',
        _WIDTH,
        len(moved) * _ROW,
        bars,
    )


def _bar(top: int, change: tuple[str, str, str], count: int, most: int) -> tuple[object, ...]:
    action, before, after = change
    words = before if before == after else f"{before} → {after}"
    length = max(2, round((_WIDTH - _NUMBERS) * count / most))
    kind = "stays" if before == after else "changes"
    return top + 14, f"{ACTIONS[action]}: {words}", kind, top + 20, length, length + 8, top + 33, count
