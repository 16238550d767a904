"""Sessions as Django keeps them in the database, looked up by constant SQL: every request waits for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from studio.models.statements import Select

_SESSION = Select(
    "SELECT {session} FROM django_session AS session WHERE session.session_key = %s AND session.expire_date > %s",
    session=Session,
)


class SessionStore(db.SessionStore):
    """Django's own, whose rows and cookies these are."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None  # as Django does: a key that means nothing is never taken up
            return None
        session: Session = found[0]
        return session
