"""How many pieces a text is sent in: 160 GSM-7 characters or 70 others in one, 153 or 67 each in several."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_7 = _BASIC | _EXTENDED


def segments(body: str) -> int:
    """The number of segments of a text (GSM 03.38): an extended character counts as two; any other makes all UTF-16."""
    if _GSM_7.issuperset(body):
        length, single, several = len(body) + sum(map(body.count, _EXTENDED)), 160, 153
    else:
        length, single, several = len(body.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    return 1 if length <= single else -(-length // several)
