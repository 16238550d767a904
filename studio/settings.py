"""Settings of the studio, all from the environment; a clean checkout runs with none.

`RECRAFT_API_TOKEN` is handed to the `calls` process alone. Every other process knows only which provider
account the studio works on: its kind and its token's fingerprint.
"""

import hashlib
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from studio import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("STUDIO_VAR", str(BASE_DIR / "var"))).absolute()

SECRET_KEY = env.secret_key(VAR)
SECRET_KEY_FALLBACKS = env.words("STUDIO_SECRET_KEY_FALLBACKS")
DEBUG = env.text("STUDIO_DEBUG") == "1"
PRODUCTION = env.text("STUDIO_PRODUCTION") == "1"
ALLOWED_HOSTS = env.words("STUDIO_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("STUDIO_ORIGINS")

# --- The provider ---------------------------------------------------------------------------------------------------

RECRAFT_API_TOKEN = env.text("RECRAFT_API_TOKEN")
RECRAFT_ACCOUNT_FINGERPRINT = (
    hashlib.sha256(RECRAFT_API_TOKEN.encode()).hexdigest()[:16]
    if RECRAFT_API_TOKEN
    else env.text("RECRAFT_ACCOUNT_FINGERPRINT")
)
STUDIO_PROVIDER = env.text("STUDIO_PROVIDER", "recraft" if RECRAFT_ACCOUNT_FINGERPRINT else "sandbox")
if STUDIO_PROVIDER not in ("sandbox", "recraft"):
    raise ImproperlyConfigured(f"STUDIO_PROVIDER must be sandbox or recraft, not {STUDIO_PROVIDER!r}.")
STUDIO_SANDBOX = STUDIO_PROVIDER == "sandbox"
RECRAFT_BASE_URL = env.text(
    "RECRAFT_BASE_URL", "http://127.0.0.1:8210/v1" if STUDIO_SANDBOX else "https://external.api.recraft.ai/v1"
)
# Besides the result host that Recraft documents; a comma-separated list of origins.
RECRAFT_RESULT_HOSTS = env.words("RECRAFT_RESULT_HOSTS")

STUDIO_TIME_SCALE = env.number("STUDIO_TIME_SCALE", 1.0)
if STUDIO_TIME_SCALE != 1.0 and not STUDIO_SANDBOX:
    raise ImproperlyConfigured("STUDIO_TIME_SCALE is for the sandbox only; take it out to run on Recraft.")

# Recraft's own limits per account, and the guard added to each window: a fork, a cold TLS connection and a large
# upload may lie between a claim and the request's arrival. Source: Recraft docs, Appendix, "Policies".
PROVIDER_REQUESTS_PER_SECOND = env.whole("STUDIO_REQUESTS_PER_SECOND", 5, least=1)
PROVIDER_IMAGES_PER_MINUTE = env.whole("STUDIO_IMAGES_PER_MINUTE", 100, least=6)
PROVIDER_WINDOW_GUARD = env.number("STUDIO_WINDOW_GUARD", 0.5)
CALLS_IN_FLIGHT = env.whole("STUDIO_CALLS_IN_FLIGHT", 40, least=1)
CALLS_IN_FLIGHT_PER_PERSON = env.whole("STUDIO_CALLS_IN_FLIGHT_PER_PERSON", 20, least=1)

# Units a new workspace and a new person may spend. 1,000 units are US$1.
STUDIO_WORKSPACE_UNITS = env.whole("STUDIO_WORKSPACE_UNITS", 50_000)
STUDIO_PERSON_UNITS = env.whole("STUDIO_PERSON_UNITS", 10_000)

# Who may make a workspace: owners or admins of one, everybody, or nobody.
STUDIO_NEW_WORKSPACES = env.text("STUDIO_NEW_WORKSPACES", "owners")
if STUDIO_NEW_WORKSPACES not in ("owners", "admins", "everybody", "nobody"):
    raise ImproperlyConfigured(
        f"STUDIO_NEW_WORKSPACES must be owners, admins, everybody or nobody, not {STUDIO_NEW_WORKSPACES!r}."
    )

# --- Django ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "studio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studio.views.security.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "studio.urls"
CSRF_FAILURE_VIEW = "studio.views.errors.stale_form"
ASGI_APPLICATION = "studio.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database(VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "studio.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

PASSWORD_RESET_TIMEOUT = 3600  # seconds; the link works once within that time

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Where things lie -----------------------------------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
STUDIO_SPOOL = Path(env.text("STUDIO_SPOOL", str(VAR / "spool")))
STUDIO_SPOOL_RESERVE_BYTES = env.whole("STUDIO_SPOOL_RESERVE_MB", 256) * 2**20

MEDIA_ROOT = Path(env.text("STUDIO_MEDIA", str(VAR / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "studio.storage.ContentStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Mail, and what leaves the studio -------------------------------------------------------------------------------

# What links in mails and webhooks begin with.
STUDIO_URL = env.origin("STUDIO_URL", [*CSRF_TRUSTED_ORIGINS, "http://localhost:8000"])
globals().update(env.mail())  # EMAIL_HOST and what belongs to it
# Webhooks go to public addresses over https alone; with this also to this very machine, as a trial needs it.
STUDIO_WEBHOOKS_TO_LOOPBACK = env.flag("STUDIO_WEBHOOKS_TO_LOOPBACK")

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "studio.services.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "studio": {"level": env.text("STUDIO_LOG_LEVEL", "INFO")},
        # A line for each ring received and answered says nothing that the queue page does not say better.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # would write signed links into the log
    },
}
