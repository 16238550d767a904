"""Lists that begin with the newest and go on where the page before ended, however long they are."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

Row = TypeVar("Row", bound=Model)


def newest(request: HttpRequest, found: QuerySet[Row], size: int) -> tuple[list[Row], int | None]:
    """The newest of these, older than the `before` of the address if there is one, and the `before` of the next page.

    Raises Http404 when it is no id.
    """
    if before := request.GET.get("before"):
        if not before.isdecimal() or len(before) > 18:  # more than an id has, and than a database takes
            raise Http404
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None
