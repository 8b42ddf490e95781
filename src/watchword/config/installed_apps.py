"""The Django apps of an installation, by themselves: to read them needs no settings, and makes no keys."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
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
    "watchword.desk",
]
