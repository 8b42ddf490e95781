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
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
SECURE_REFERRER_POLICY = "no-referrer"  # the address of a message's page is a key to it
X_FRAME_OPTIONS = "DENY"

# Staff sign in at the desk with a password and a code of an authenticator app, by django-allauth; registrants have
# sessions of their own (registrants/coming_back). Only the desk's pages are sent the cookie.
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_PATH = "/desk"
SESSION_COOKIE_SECURE = _is_https
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = round(WATCHWORD.desk_idle_minutes * 60)
SESSION_SAVE_EVERY_REQUEST = True  # the time runs from the last press
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AUTH_USER_MODEL = "desk.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "watchword.desk.staff.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,5/15m/key"}
MFA_ADAPTER = "watchword.desk.staff.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp"]
MFA_REAUTHENTICATION_REQUIRED = False  # an app is set up only just after the password was given
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off, and typing takes its time
MFA_TOTP_ISSUER = WATCHWORD.office_name
# Wrong tries are counted here: shared by all processes, and too large to be crowded out by names nobody has.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "desk_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

ANYMAIL = WATCHWORD.anymail  # where django-anymail's webhooks look for their keys

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGES = [(code, NAMES[code]) for code in WATCHWORD.languages.split()]
LANGUAGE_CODE = LANGUAGES[0][0]

LOGGING_CONFIG = "watchword.core.logging.configure"
LOGGING = {"level": "INFO"}
