"""Django's settings, made from the environment (config/environment.py)."""

from pathlib import Path
from urllib.parse import urlsplit

from watchword.config.connection import database_settings
from watchword.config.development_keys import with_development_keys
from watchword.config.environment import read_environment
from watchword.config.installed_apps import INSTALLED_APPS as INSTALLED_APPS
from watchword.config.languages import NAMES

WATCHWORD = with_development_keys(read_environment())

SECRET_KEY = WATCHWORD.secret_key
DEBUG = WATCHWORD.debug
DATABASES = {"default": database_settings(WATCHWORD)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "watchword.config.urls"
WSGI_APPLICATION = "watchword.config.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "watchword.api.problems.ProblemsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["watchword.site.context.office"]},
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = (
    Path(__file__).parent.parent / "site" / "static"
)  # the one folder of static files, served as it is

_public = urlsplit(WATCHWORD.public_url)
_is_https = _public.scheme == "https"
ALLOWED_HOSTS = [
    host for host in (_public.hostname, WATCHWORD.http_host, "localhost", "127.0.0.1", "[::1]") if host
]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if _public.netloc else []
CSRF_COOKIE_SECURE = _is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: nothing on a shared computer tells of us a year later
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_PATH = "/my"  # the one place with sessions; elsewhere a form needs no cookie
SECURE_REFERRER_POLICY = "no-referrer"  # the address of a message's page is a key to it
X_FRAME_OPTIONS = "DENY"

ANYMAIL = WATCHWORD.anymail  # where django-anymail's webhooks look for their keys

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGES = [(code, NAMES[code]) for code in WATCHWORD.languages.split()]
LANGUAGE_CODE = LANGUAGES[0][0]

LOGGING_CONFIG = "watchword.core.logging.configure"
LOGGING = {"level": "INFO"}
