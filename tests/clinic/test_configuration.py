"""The environment: loud errors by the variable's name, and production that is complete or does not start."""

from ast import literal_eval
from collections.abc import Iterator

import pytest

from tests.clinic.bare import PRODUCTION, Reader, run, settings

NEEDED = ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL"]
WRONG = [
    ("DATABASE_URL", "mysql://clinic@db.example.org/clinic"),
    ("DATABASE_URL", "sqlite:///db.sqlite3"),
    ("DATABASE_URL", "db.example.org"),
    ("DATABASE_URL", "postgres://clinic@db.example.org:port/clinic"),
    ("REDIS_URL", "amqp://guest@broker.example.org"),
    ("EMAIL_URL", "pigeon://roof"),
    ("EMAIL_URL", "smtp.example.org"),
    ("SECRET_KEY", "short"),
    ("SITE_URL", "booking.example.org"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://booking.example.org/path"),
    ("TRUSTED_PROXY", "yes"),
    ("TRUSTED_PROXY", "-1"),
    ("PROCESS", "walker"),
    ("LETTERS_TICK_SECONDS", "often"),
    ("LETTERS_TICK_SECONDS", "0"),
    ("LETTERS_LEASE_SECONDS", "nan"),
    ("NO_POOL", "perhaps"),
    ("STATIC_MANIFEST", "perhaps"),
]
LOCAL = {"MODE": "local", "EMAIL_URL": None, "SITE_URL": "http://127.0.0.1:8000"}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def test_complete_environment_starts(reader: Reader) -> None:
    assert reader.value("settings.MODE") == "production"


def test_mode_is_production_unless_said(reader: Reader) -> None:
    assert reader.value("settings.PRODUCTION, settings.DEBUG", MODE=None) == "(True, False)"


def test_production_does_not_start_without_its_servers_and_secrets(reader: Reader) -> None:
    cases = [(name, missing) for name in NEEDED for missing in (None, "", "  ")]

    said = reader.complaints(*({name: missing} for name, missing in cases))

    assert len(cases) == 15
    assert said == [
        f"ImproperlyConfigured: {name} is not set. See .env.example for what it means." for name, _ in cases
    ]


WEAK = [
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "booking.example.org, *.example.org"),
    ("ALLOWED_HOSTS", ".example.org"),
    ("SECRET_KEY", "a" * 58),
    ("SECRET_KEY", "abcabcabc" * 8),
    ("SECRET_KEY", "abcdefghijkl" * 5),
    ("SECRET_KEY", "only-for-tools-that-read-the-settings-xxxxxxxxxxxxxxxxxxxxxxxx"),
    ("SECRET_KEY", "only-for-tests-" + "x" * 50),
    ("SECRET_KEY", "django-insecure-4#b8@k1z!q0w9e8r7t6y5u4i3o2p1a0s9d8f7g6h5j4"),
    ("SECRET_KEY_FALLBACKS", "short"),
    ("SECRET_KEY_FALLBACKS", "a" * 58),
    ("EMAIL_URL", "smtp://clinic:secret@smtp.example.org:25"),
    ("EMAIL_URL", "smtp://10.0.0.7:25"),
    ("EMAIL_URL", "consolemail://"),
    ("EMAIL_URL", "filemail:///tmp/letters"),
    ("EMAIL_URL", "memorymail://"),
    ("METRICS_TOKEN", "x"),
    ("METRICS_TOKEN", "x" * 40),
]


def test_production_refuses_what_is_weak_and_local_mode_does_not(reader: Reader) -> None:
    complained = reader.complaints(*({name: wrong} for name, wrong in WEAK))
    local = reader.complaints(*({**LOCAL, name: wrong} for name, wrong in WEAK))

    assert [
        (name, wrong, words)
        for (name, wrong), words in zip(WEAK, complained, strict=True)
        if not words.startswith(f"ImproperlyConfigured: {name} ")
    ] == []
    assert [wrong for (_name, wrong), words in zip(WEAK, local, strict=True) if words] == ["short"]


def test_production_shows_no_secret_that_it_refuses(reader: Reader) -> None:
    complained = reader.complaints({"SECRET_KEY": "topsecret" * 9}, {"METRICS_TOKEN": "topsecret"})

    assert [words for words in complained if "topsecret" in words or not words] == []


@pytest.mark.parametrize("url", ["smtp://localhost:25", "smtp://127.0.0.1:25", "smtp+ssl://u:p@smtp.example.org:465"])
def test_mail_of_production_leaves_the_machine_encrypted(reader: Reader, url: str) -> None:
    assert reader.complaints({"EMAIL_URL": url}) == [""]


def test_older_keys_are_read_from_the_environment(reader: Reader) -> None:
    older = "".join(reversed(PRODUCTION["SECRET_KEY"]))

    assert reader.value("settings.SECRET_KEY_FALLBACKS") == "[]"
    assert reader.value("settings.SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS=f"{older}, ") == f"['{older}']"


def test_options_of_the_databases_address_are_kept(reader: Reader) -> None:
    url = "postgres://clinic:secret@db.example.org/clinic?sslmode=verify-full"

    assert reader.value("settings.DATABASES['default']['OPTIONS']['sslmode']", DATABASE_URL=url) == "verify-full"


def test_deploy_check_warns_of_servers_reached_in_clear() -> None:
    public = {
        "DATABASE_URL": "postgres://clinic:secret@db.example.org/clinic",
        "REDIS_URL": "redis://:secret@broker.example.org:6379/0",
    }

    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION | public)

    assert checked.returncode == 1
    assert ("clinic.W001" in checked.stderr, "clinic.W002" in checked.stderr) == (True, True)


def test_deploy_check_warns_where_the_owner_of_the_tables_serves() -> None:
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION)

    assert (checked.returncode, "clinic.W003" in checked.stderr) == (1, True)


def test_processes_that_serve_do_not_start_with_the_owners_address(reader: Reader) -> None:
    owner = {"OWNER_DATABASE_URL": "postgres://owner:secret@127.0.0.1:1/clinic"}
    refused = "ImproperlyConfigured: OWNER_DATABASE_URL is for commands only; take it from processes that serve."

    said = reader.complaints(*(owner | {"PROCESS": process} for process in ("web", "worker", "command")))

    assert said == [refused, refused, ""]


@pytest.mark.parametrize("mode", ["production", "local"])
def test_wrong_values_are_named(reader: Reader, mode: str) -> None:
    said = reader.complaints(*({"MODE": mode, name: wrong} for name, wrong in WRONG))

    assert [
        (name, wrong, words)
        for (name, wrong), words in zip(WRONG, said, strict=True)
        if name not in words or not words.startswith("ImproperlyConfigured: ")
    ] == []


def test_unknown_mode_is_named(reader: Reader) -> None:
    assert reader.complaints({"MODE": "live"}) == [
        "ImproperlyConfigured: MODE is 'live'; it must be one of: local, production."
    ]


def test_production_speaks_https_only(reader: Reader) -> None:
    said = reader.complaints({"SITE_URL": "http://booking.example.org"}, {"SITE_URL": "https://booking.example.org/"})

    assert said == ["ImproperlyConfigured: SITE_URL must begin with https:// in production.", ""]


def test_refused_start_ends_with_the_variables_name_and_shows_no_secret() -> None:
    tried = settings(DATABASE_URL="postgres://clinic:topsecret@db.example.org:port/clinic")

    assert tried.returncode == 1
    assert "DATABASE_URL" in tried.stderr.strip().splitlines()[-1]
    assert "topsecret" not in tried.stderr


def test_local_mode_may_speak_http_and_keeps_mail_for_the_mailbox(reader: Reader) -> None:
    shown = reader.value("settings.SITE_URL, settings.EMAIL_BACKEND", **LOCAL)

    assert shown == "('http://127.0.0.1:8000', 'bookings.messages.outbox.mailbox.EmailBackend')"


def test_deploy_check_of_production_is_clean() -> None:
    owner = {"OWNER_DATABASE_URL": "postgres://owner:secret@127.0.0.1:1/clinic"}
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION | owner)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_deploy_check_of_local_mode_is_not_clean() -> None:
    env = {name: value for name, value in (PRODUCTION | LOCAL).items() if value is not None}

    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=env)

    assert checked.returncode == 1
    assert "security.W008" in checked.stderr


def test_cookies_and_transport_of_production_are_safe(reader: Reader) -> None:
    asked = (
        "settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,"
        " settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS"
    )

    assert reader.value(asked) == "('__Host-session', '__Host-csrf', True, True, True, 63072000)"
    assert reader.value(asked, **LOCAL) == "('session', 'csrf', False, False, False, 0)"


def test_every_cookie_of_production_is_for_this_host_only(reader: Reader) -> None:
    """Django's own settings and ours; what one-time messages say stands in the session, of who has one."""
    asked = "{name: getattr(settings, name) for name in dir(settings) if name.endswith('_COOKIE_NAME')}"
    names = literal_eval(reader.value(asked))
    secure = literal_eval(
        reader.value("{name: getattr(settings, name) for name in dir(settings) if '_COOKIE_SECURE' in name}")
    )

    assert set(names) == {
        f"{cookie}_COOKIE_NAME" for cookie in ("SESSION", "CSRF", "LANGUAGE", "MESSAGES", "DEVICE", "CLINIC_DEVICE")
    }
    assert [name for name, cookie in names.items() if not cookie.startswith("__Host-")] == []
    assert secure == dict.fromkeys(["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"], True)
    assert reader.value("settings.MESSAGE_STORAGE").endswith("SessionThenCookie")


def test_logs_go_where_the_inventory_says(reader: Reader) -> None:
    asked = "sorted(settings.LOGGING['handlers']), settings.LOGGING['root']['handlers']"

    assert reader.value(asked) == "(['security', 'stderr'], ['stderr'])"
    assert reader.value(asked, SECURITY_LOG="x.log") == "(['security', 'security_file', 'stderr'], ['stderr'])"


def test_argon2_hashes_passwords(reader: Reader) -> None:
    assert "Argon2" in reader.value("settings.PASSWORD_HASHERS[0]")


@pytest.mark.parametrize(
    ("process", "statement", "lock", "pool"),
    [("web", "5000", "3000", True), ("worker", "60000", "3000", False), ("command", "0", "0", False)],
)
def test_process_chooses_pool_and_time_outs(
    reader: Reader, process: str, statement: str, lock: str, *, pool: bool
) -> None:
    shown = reader.value("settings.DATABASES['default']['OPTIONS']", PROCESS=process)

    assert f"statement_timeout={statement} -c lock_timeout={lock} -c idle_in_transaction_session_timeout=" in shown
    assert ("'pool'" in shown) is pool


def test_pool_can_be_left_to_a_pooler(reader: Reader) -> None:
    """It refuses what a connection asks for at its start, and a cursor of the server would be on another connection."""
    shown = "sorted(settings.DATABASES['default']['OPTIONS']), settings.DATABASES['default'].get("
    shown += "'DISABLE_SERVER_SIDE_CURSORS', False)"

    assert reader.value(shown, PROCESS="web", NO_POOL="1") == "(['connect_timeout'], True)"
    assert reader.value(shown, PROCESS="web") == "(['connect_timeout', 'options', 'pool'], False)"


def test_listener_may_go_past_a_pooler(reader: Reader) -> None:
    past = {"LISTENER_DATABASE_URL": "postgres://worker:secret@db.example.org:5433/clinic"}
    where = "sorted(settings.LISTENER_DATABASE.items())"
    names = [("dbname", "clinic"), ("host", "db.example.org"), ("password", "secret"), ("port", 5433)]
    names.append(("user", "worker"))

    assert reader.value(where, **past) == str(names)
    assert reader.value(where) == "[]"


def test_site_answers_to_its_own_name_only(reader: Reader) -> None:
    assert reader.value("settings.ALLOWED_HOSTS") == "['booking.example.org']"
    assert reader.value("settings.ALLOWED_HOSTS", ALLOWED_HOSTS="a.example, b.example") == "['a.example', 'b.example']"


def test_forwarded_scheme_is_believed_behind_a_proxy_only(reader: Reader) -> None:
    asked = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None), settings.ALLAUTH_TRUSTED_PROXY_COUNT"

    assert reader.value(asked) == "(None, 0)"
    assert reader.value(asked, TRUSTED_PROXY="2") == "(('HTTP_X_FORWARDED_PROTO', 'https'), 2)"


def test_every_variable_that_is_read_is_explained() -> None:
    explained = run("-c", "print(open('.env.example').read())", env={}).stdout
    read = run(
        "-c",
        "import re, pathlib\n"
        "files = ('clinic/settings.py', 'clinic/env.py')\n"
        "text = ''.join(pathlib.Path(name).read_text() for name in files)\n"
        "readers = 'env|env[.]\\\\w+|required|one_of|seconds|yes|secret|environ[.]get'\n"
        "print(*set(re.findall(rf'(?:{readers})\\(\\s*\"([A-Z_]+)\"', text)))",
        env={},
    ).stdout.split()

    assert len(read) > 10
    assert [name for name in read if f"{name}=" not in explained] == []
