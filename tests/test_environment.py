"""Settings for mail and links: what is set counts, and what can't be used is said."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from studio import environment

SERVER = {"EMAIL_HOST": "smtp.example.com", "DEFAULT_FROM_EMAIL": "Atelier <studio@example.com>"}
BAD = [
    ({"EMAIL_HOST": "smtp.example.com"}, "DEFAULT_FROM_EMAIL must be an address"),
    ({**SERVER, "EMAIL_SECURITY": "ssl"}, "EMAIL_SECURITY must be starttls, tls or none, not 'ssl'."),
    ({**SERVER, "EMAIL_PORT": "99999"}, "EMAIL_PORT must be a whole number"),
    ({**SERVER, "EMAIL_HOST_USER": "studio"}, "belong together"),
    ({"EMAIL_PORT": "2525"}, "EMAIL_HOST is missing"),
    (
        {**SERVER, "EMAIL_SECURITY": "none", "EMAIL_HOST_USER": "me", "EMAIL_HOST_PASSWORD": "canary"},
        "would send the password in the clear",
    ),
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "SECURITY"):
        monkeypatch.delenv(f"EMAIL_{name}", raising=False)
    monkeypatch.delenv("DEFAULT_FROM_EMAIL", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_without_a_server_mails_are_printed() -> None:
    found = environment.mail()
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert found["DEFAULT_FROM_EMAIL"] == "Atelier <studio@localhost>"


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_server_is_reached_as_its_security_says(monkeypatch: pytest.MonkeyPatch, security: str, port: int) -> None:
    given(monkeypatch, {**SERVER, "EMAIL_SECURITY": security, "EMAIL_PORT": ""})
    found = environment.mail()
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert found["EMAIL_PORT"] == port
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port == 587, port == 465)


@pytest.mark.parametrize(("values", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_settings_of_mail_are_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    given(monkeypatch, values)
    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        environment.mail()
    assert "canary" not in str(refusal.value)


def test_links_begin_where_the_studio_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    fallbacks = ["https://*.example.com", "https://studio.example.com", "http://localhost:8000"]
    monkeypatch.delenv("STUDIO_URL", raising=False)
    assert environment.origin("STUDIO_URL", fallbacks) == "https://studio.example.com"
    monkeypatch.setenv("STUDIO_URL", "https://art.example.com:8443/")
    assert environment.origin("STUDIO_URL", fallbacks) == "https://art.example.com:8443"


@pytest.mark.parametrize(
    "value",
    ["studio.example.com", "ftp://studio.example.com", "https://me@studio", "https://studio/atelier", "https://"],
)
def test_what_is_no_address_of_a_studio_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("STUDIO_URL", value)
    with pytest.raises(ImproperlyConfigured, match="STUDIO_URL must look like"):
        environment.origin("STUDIO_URL", ["http://localhost:8000"])


def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_WEBHOOKS_TO_LOOPBACK", "yes")
    with pytest.raises(ImproperlyConfigured, match="must be 1 or 0"):
        environment.flag("STUDIO_WEBHOOKS_TO_LOOPBACK")
