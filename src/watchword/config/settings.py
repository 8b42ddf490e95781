"""Django's settings, made from the environment (config/environment.py)."""

from watchword.config.development_keys import with_development_keys
from watchword.config.environment import Environment
from watchword.config.private_postgres import database_settings

WATCHWORD = with_development_keys(Environment())

SECRET_KEY = WATCHWORD.secret_key
DEBUG = WATCHWORD.debug
ALLOWED_HOSTS = ["*"]
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
]
DATABASES = {"default": database_settings(WATCHWORD)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "watchword.config.urls"
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
