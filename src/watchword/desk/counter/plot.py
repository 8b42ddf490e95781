"""How many answers went from what to what, as a drawing within a page: bars, with their numbers in words."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from watchword.desk.counter.wording import ACTIONS

_WIDTH, _ROW, _LABELS, _NUMBERS = 720, 30, 400, 50


def plot(moved: Mapping[tuple[str, str, str], int]) -> SafeString:
    """An SVG, or nothing where nothing was asked. Those that stay are drawn pale, those that change full."""
    if not moved:
        return SafeString("")
    most = max(moved.values())
    rows = []
    for place, ((action, before, after), count) in enumerate(sorted(moved.items())):
        top = place * _ROW
        words = before if before == after else f"{before} → {after}"
        length = max(2, round((_WIDTH - _LABELS - _NUMBERS) * count / most))
        kind = "stays" if before == after else "changes"
        end = _LABELS + length + 8
        said = f"{ACTIONS[action]}: {words}"
        rows.append((top + 20, said, kind, _LABELS, top + 6, length, end, top + 20, count))
    bars = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="18"/>'
        '<text x="{}" y="{}">{}</text>',
        rows,
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="Bars of how many answers stay and change; '
        'the table below has the same numbers">{}</svg>',
        _WIDTH,
        len(rows) * _ROW,
        bars,
    )
