"""The Django apps of an installation, by themselves: to read them needs no settings, and makes no keys."""

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "watchword.audit",
    "watchword.worklist",
    "watchword.feeds",
    "watchword.custody",
    "watchword.registrants",
    "watchword.notices",
    "watchword.delivery",
    "watchword.api",
    "watchword.site",
]
