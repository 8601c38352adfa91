"""The only settings file. Values come from environment variables, see ``.env.example``.

Without any variable the development default runs on SQLite. ``PRODUCTION=1``
turns on everything a public installation needs and refuses unsafe values.
"""

import tomllib
from pathlib import Path
from typing import Any

from ruemsa_portal import env as env_rules

BASE_DIR = Path(__file__).resolve().parent.parent
env = env_rules.load(BASE_DIR)

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env_rules.debug(env, production=PRODUCTION)
SECRET_KEY = env_rules.secret_key(env, production=PRODUCTION)
# Outside the database and its backup: whoever has only those cannot read an enquiry.
ENQUIRY_KEYS = env_rules.enquiry_keys(env, production=PRODUCTION)
ENQUIRY_KEY_FILE = env.str("ENQUIRY_KEY_FILE", default="") or str(BASE_DIR / "var" / "enquiry.keys")
# So many unread enquiries are more than anybody reads: then the form says so and keeps the text.
MOST_WAITING_ENQUIRIES = env.int("MOST_WAITING_ENQUIRIES", default=5000)
ALLOWED_HOSTS = env_rules.allowed_hosts(env, production=PRODUCTION)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Absolute addresses (sitemap, QR code, calendar) come from configuration, never from the Host header.
BASE_URL = env.str("BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000").rstrip(
    "/"
)

REGION_DIR = env_rules.region_dir(env, base_dir=BASE_DIR)
REGION = tomllib.loads((REGION_DIR / "region.toml").read_text(encoding="utf-8"))
# Records the county has not confirmed are shown in the demo with a mark, never in production.
SHOW_EXAMPLE_DATA = not PRODUCTION

INSTALLED_APPS = [
    "ruemsa_portal",
    "counseling",
    "offers",
    "directory",
    "accounts",
    "crispy_forms",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "ruemsa_portal.backoffice_app.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    # Above everything: static files, redirects and errors carry the same header set.
    "ruemsa_portal.middleware.SecurityHeadersMiddleware",
    # Tells the counter in front of Django which view was asked.
    "ruemsa_portal.counters.ViewNameMiddleware",
    # Says who may keep an answer, also of errors and redirects.
    "ruemsa_portal.cache_rules.CacheRuleMiddleware",
    "ruemsa_portal.middleware.CleanInputMiddleware",
    "ruemsa_portal.middleware.RefusedMethodMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Says which second factor a login has shown; asks nothing before somebody asks for the user.
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Says 503 instead of 500 while the database is away.
    "ruemsa_portal.outage.OutageMiddleware",
    # Says on a page how much it weighs.
    "ruemsa_portal.page_weight.PageWeightMiddleware",
]

ROOT_URLCONF = "ruemsa_portal.urls"
WSGI_APPLICATION = "ruemsa_portal.wsgi.application"
APPEND_SLASH = True

_LOADERS: list[Any] = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Also in development: the server there notices a changed template by itself.
            "loaders": [("django.template.loaders.cached.Loader", _LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ruemsa_portal.context_processors.portal",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ruemsa_portal.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": env_rules.database(env, base_dir=BASE_DIR, production=PRODUCTION)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Where the daily copy of the database goes; without it no copy is made.
BACKUP_DIR = env.str("BACKUP_DIR", default="")

# Public pages ready to send, in each process; with CACHE_URL (redis://…) shared by all of them.
PAGE_CACHE = env.bool("PAGE_CACHE", default=PRODUCTION)
CACHES = {"default": env_rules.cache(env)}
if env.str("CACHE_URL", default=""):
    CACHES["pages"] = env_rules.cache(env, prefix="pages")

# Who may read the figures of the running installation; nobody by default, and then nothing is counted.
METRICS_NETWORKS = env_rules.networks(env)
METRICS_DIR = BASE_DIR / "var" / "metrics"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["ruemsa_portal.rights.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.validators.LongestPassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.validators.LocalWords", "OPTIONS": {"words": env_rules.local_words(REGION_DIR, REGION)}},
]
# One hour for a link by mail, used once.
PASSWORD_RESET_TIMEOUT = 3600
OTP_TOTP_ISSUER = REGION["short_name"]
# Our own throttle counts the tries; theirs would have no end.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default="") or BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ruemsa_portal.stylesheet.PortalStorage"
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
# Asked by the supervisor on the same machine, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready|metrics)$"]
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# Only when a proxy is declared may its header say that the visitor came by HTTPS.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "ruemsa_portal.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144

# What nobody confirmed is hidden so many days after it was due; nobody is hidden without having been asked.
FRESHNESS_GRACE_DAYS = env.int("FRESHNESS_GRACE_DAYS", default=60)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Uploaded tables stay in memory and never lie on a disk; what is larger than 5 MB and its form is dropped unread.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024 + 65_536

EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=EMAIL_HOST != "localhost")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_BACKEND = "accounts.mail.SmtpBackend" if PRODUCTION else "django.core.mail.backends.console.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Neither form says who a visitor is or what anybody typed.
    "formatters": {"line": {"()": f"ruemsa_portal.logs.{'Json' if PRODUCTION else 'Plain'}Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Its records quote the request line with the query string; our own say the path only.
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
