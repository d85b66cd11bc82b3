"""All settings, from the environment; see .env.example."""

from pathlib import Path
from typing import Any, cast

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from clinic import env as given
from clinic.headers import on_static_file
from clinic.time_limits import start_up_options

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = given.mode()
PROCESS = given.process()
PRODUCTION = MODE == "production"
DEBUG = False

# --- who we are -------------------------------------------------------------------------------------------------------
SECRET_KEY = given.secret_key(MODE)
SECRET_KEY_FALLBACKS = given.older_secret_keys(MODE)
SITE_URL = given.site_url(MODE)
_host = SITE_URL.split("://", 1)[1].split("/")[0].split(":")[0]
ALLOWED_HOSTS = given.allowed_hosts(MODE, _host)
if not PRODUCTION:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXY = given.trusted_proxies()

INSTALLED_APPS = [
    "clinic.people",
    "clinic.premises",
    "therapies",
    "bookings",
    "clinic.people.admin_site.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "phonenumber_field",
]

MIDDLEWARE = [
    "clinic.request_ids.RequestIdMiddleware",
    "clinic.people.security_log.SecurityLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # with bytes at random against BREACH; see docs/security.md
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "clinic.headers.HeadersMiddleware",
    "clinic.limits.RequestLimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.people.sessions.IdleSessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "clinic.premises.clock_faces.ClockFaceMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "clinic.templatetags.clock",
                "clinic.templatetags.flat_fields",
                "clinic.templatetags.kept",
                "clinic.templatetags.long_lists",
                "clinic.templatetags.phones",
                "clinic.templatetags.plain_fields",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.premises.context.house",
                "clinic.language.language",
                "bookings.desk.frame.frame",
                "bookings.portal.frame.portal_frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- the database, which keeps the promises ---------------------------------------------------------------------------
_database = given.database_url()
BEHIND_A_POOLER = given.yes("NO_POOL", default=False)
_database["CONN_HEALTH_CHECKS"] = True
_options: dict[str, object] = {
    **cast("dict[str, object]", _database.get("OPTIONS", {})),  # such as sslmode, from the address
    "connect_timeout": 2,
}
if BEHIND_A_POOLER:  # it refuses what a connection asks for when it begins, and gives each transaction another one
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True
else:
    _options["options"] = start_up_options(PROCESS)
if not BEHIND_A_POOLER and PROCESS == "web":
    _options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 2}
_database["OPTIONS"] = _options
DATABASES = {"default": _database}
SERVING_ROLE = str(_database["USER"])
DATABASE_OWNER = given.database_owner(MODE, PROCESS)
LISTENER_DATABASE = given.listener_database()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# Rate limits live in PostgreSQL, so that no request ever waits for the broker.
# Far above what honest visitors need: a full cache throws counts away, and with them the limits.
CACHES = {
    "default": {
        "BACKEND": "clinic.json_cache.JsonDatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # Of each process: what everybody may read, by its edition. Nothing personal; see clinic/premises/editions.py.
    "editions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "editions",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    # Of each process: which version of a day was made of which rows, to tell a board what changed. Hashes only.
    "days": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "days",
        "TIMEOUT": 900,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

# Who changed what is kept by triggers (`clinic.history`); only requests that change something carry a context.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- the broker: it says "look now", and holds nothing of value -------------------------------------------------------
REDIS_URL = given.redis_url()
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
LETTERS_TICK_SECONDS = given.seconds("LETTERS_TICK_SECONDS", 10.0 if MODE == "local" else 30.0)
# What is booked and undone within the grace sends nothing.
LETTERS_GRACE_SECONDS = given.seconds("LETTERS_GRACE_SECONDS", 10.0 if MODE == "local" else 180.0)
LETTERS_LEASE_SECONDS = given.seconds("LETTERS_LEASE_SECONDS", 120.0)
LETTERS_DEADLINE_SECONDS = given.seconds("LETTERS_DEADLINE_SECONDS", 10.0)
# Large providers slow down or refuse whoever sends too much at once; 0 is no limit.
LETTERS_PER_MINUTE_AND_DOMAIN = given.count("LETTERS_PER_MINUTE_AND_DOMAIN", 600)
LETTERS_PAUSE_SECONDS = given.seconds("LETTERS_PAUSE_SECONDS", 60.0)  # after the first "later"
REQUESTS_TICK_SECONDS = 60.0
SAFETY_TICK_SECONDS = 300.0
DAY_SHEETS_SECONDS = 3_600.0
CELERY_IMPORTS = ["bookings.desk.paper.tasks"]
CELERY_BEAT_SCHEDULE = {
    "keep-day-sheets": {
        "task": "bookings.desk.paper.tasks.keep_day_sheets",
        "schedule": DAY_SHEETS_SECONDS,
        "options": {"expires": DAY_SHEETS_SECONDS},
    },
    "send-due-letters": {
        "task": "bookings.tasks.send_due_letters",
        "schedule": LETTERS_TICK_SECONDS,
        "options": {"expires": LETTERS_TICK_SECONDS},
    },
    "lapse-requests": {
        "task": "bookings.tasks.lapse_requests",
        "schedule": REQUESTS_TICK_SECONDS,
        "options": {"expires": REQUESTS_TICK_SECONDS},
    },
    "put-safety-changes-in-force": {
        "task": "therapies.tasks.put_safety_changes_in_force",
        "schedule": SAFETY_TICK_SECONDS,
        "options": {"expires": SAFETY_TICK_SECONDS},
    },
    "put-minutes-in-force": {
        "task": "therapies.tasks.put_minutes_in_force",
        "schedule": 3_600.0,
        "options": {"expires": 3_600},
    },
    "sweep-bookings": {"task": "bookings.tasks.sweep_bookings", "schedule": 86_400.0, "options": {"expires": 3_600}},
    "sweep-people": {"task": "clinic.people.tasks.sweep_people", "schedule": 86_400.0, "options": {"expires": 3_600}},
}

# --- mail -------------------------------------------------------------------------------------------------------------
_mail = given.email(MODE)
EMAIL_BACKEND = str(_mail["EMAIL_BACKEND"])
EMAIL_HOST = str(_mail.get("EMAIL_HOST", ""))
EMAIL_PORT = int(str(_mail.get("EMAIL_PORT") or 25))
EMAIL_HOST_USER = str(_mail.get("EMAIL_HOST_USER") or "")
EMAIL_HOST_PASSWORD = str(_mail.get("EMAIL_HOST_PASSWORD") or "")
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL", False))
EMAIL_TIMEOUT = 10
ANYMAIL = given.anymail()
# Called after each round while letters are well: a watcher elsewhere that hears nothing raises the alarm.
LETTERS_WATCHER_URL = given.web_address("LETTERS_WATCHER_URL")
# Whoever shows it may read /letters/metrics/; without one nobody may.
METRICS_TOKEN = given.secret("METRICS_TOKEN", MODE, least=20)
DEFAULT_FROM_EMAIL = given.env("DEFAULT_FROM_EMAIL", default=f"clinic@{_host}")

# --- people: accounts, sessions, passwords ----------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "clinic.people.passwords.PasswordBackend",
    "clinic.people.roles.MembershipBackend",
]
ACCOUNT_ADAPTER = "clinic.people.accounts.AccountAdapter"
LETTERS_WRITER = "bookings.messages.account_messages.write_account_message"
NOTICE_WORDS = "bookings.messages.content.account_words.account_words"
ADDRESS_PROVED = "bookings.actions.address_proof.prove_address"
NEWS_WRITER = "bookings.messages.schedule.patient_messages.write_news"
ACCOUNT_FORMS = {
    "confirm_login_code": "clinic.people.forms.ConfirmCodeForm",
    "login": "clinic.people.forms.StaffLoginForm",
    "request_login_code": "clinic.people.forms.AskCodeForm",
    "reset_password": "clinic.people.forms.AskResetForm",
}
ACCOUNT_USER_DISPLAY = "clinic.people.accounts.displayed"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth takes from here that there are passwords; nobody signs up so
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
# A mailed code is the proof; whoever has a password works here and was let in by a manager.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
# Counted under a lock in `clinic.people.attempts` and `clinic.people.request_limits` instead, which let no burst pass.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
# Those who work here prove a second factor; patients have the mailed code.
MFA_ADAPTER = "clinic.people.factor_adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "clinic.people.factor_forms.AuthenticateForm",
    "authenticate_webauthn": "clinic.people.factor_forms.PasskeyForm",
    "login_webauthn": "clinic.people.factor_forms.PasskeySignInForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "signed_in"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 3600
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "clinic.people.password_rules.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "clinic.people.password_rules.StrengthValidator"},
    {"NAME": "clinic.people.password_rules.BreachedListValidator"},
]
BREACHED_PASSWORDS = given.env("BREACHED_PASSWORDS", default="")
SESSION_ENGINE = "clinic.people.session_store"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS = 12 * 3600
SESSION_IDLE_STAFF_SECONDS = 15 * 60
SESSION_IDLE_PATIENT_SECONDS = 30 * 60
SESSION_IDLE_DEVICE_SECONDS = 5 * 60  # a tablet that a clinic shares goes back to the names
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
DEVICE_COOKIE_NAME = "__Host-device" if PRODUCTION else "device"
CLINIC_DEVICE_COOKIE_NAME = "__Host-clinic-device" if PRODUCTION else "clinic-device"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"
MESSAGES_COOKIE_NAME = "__Host-messages" if PRODUCTION else "messages"  # of visitors without a session
MESSAGE_STORAGE = "clinic.one_time_messages.SessionThenCookie"

# --- the browser is told what it may do -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 2 * 365 * 86400 if PRODUCTION else 0
# Whether sub-domains follow (W005), and whether browsers preload the name (W021), the owner of the domain decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Bytes of a request: of forms, and of those few pages that take a photo of at most 15 MB; see clinic/limits.py.
LARGEST_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
LARGEST_UPLOAD = 16 * 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- language, time, files --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "clinic.formats"  # 05/06/1980 is the fifth of June
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DEFAULT_REGION = "IN"
PHONENUMBER_DB_FORMAT = "E164"
STATIC_URL = "/static/"
DATA_DIR = Path(given.env("DATA_DIR", default=str(BASE_DIR / ".data")))
_day_sheets = given.env("DAY_SHEETS_FOLDER", default="")
DAY_SHEETS_FOLDER = Path(_day_sheets) if _day_sheets else None
STATIC_ROOT = Path(given.env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "clinic" / "static"]
_manifest = given.yes("STATIC_MANIFEST", default=PRODUCTION)
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _manifest
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not _manifest
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = on_static_file

# Who came in, who was refused, who changed what about access: JSON lines, also in a file a day where one is named.
SECURITY_LOG = given.env("SECURITY_LOG", default="")
SECURITY_LOG_DAYS = given.count("SECURITY_LOG_DAYS", 365)
_security_handlers = ["security", "security_file"] if SECURITY_LOG else ["security"]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "clinic.log_lines.LineFormatter",
            "format": "{asctime} {levelname} {name} {request_id} {message}",
            "style": "{",
        },
        "json": {"()": "clinic.log_lines.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "security": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "loggers": {"security": {"handlers": _security_handlers, "level": "INFO", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
if SECURITY_LOG:
    LOGGING["handlers"]["security_file"] = {
        "class": "clinic.log_lines.DailyFileHandler",
        "formatter": "json",
        "filename": SECURITY_LOG,
        "days": SECURITY_LOG_DAYS,
    }
# Celery would put handlers of its own in the place of ours, and rows in its log.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
