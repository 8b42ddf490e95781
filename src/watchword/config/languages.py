"""The languages that an office may choose, by their own names."""

from django.conf.locale import LANG_INFO

NAMES = {
    "en": "English",
    "es": "Español",
    "zh": "简体中文",
    "ru": "Русский",
    "bn": "বাংলা",
    "ht": "Kreyòl ayisyen",
    "ko": "한국어",
    "ar": "العربية",
    "ur": "اردو",
    "fr": "Français",
    "pl": "Polski",
}
"""Those that New York's agencies must serve, and English: notices/templates and phone/prompts have a file for each."""

LANG_INFO["ht"] = {"bidi": False, "code": "ht", "name": "Haitian Creole", "name_local": NAMES["ht"]}
LANG_INFO["zh"] = LANG_INFO["zh-hans"] | {"code": "zh"}
