"""A session is read as Django wrote it, and only while it lasts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from studio.services.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    store = db.SessionStore()
    store["workspace"] = 7
    store.create()
    assert store.session_key
    return store.session_key


def test_a_session_that_django_wrote_is_read(key: str) -> None:
    assert SessionStore(key).load() == db.SessionStore(key).load() == {"workspace": 7}


def test_a_session_that_has_ended_is_nobodys(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    store = SessionStore(key)
    assert store.load() == {} and store.session_key is None
    assert SessionStore("x" * 32).load() == {}
