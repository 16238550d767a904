"""The reference: what every operation takes, from the catalogue. Nothing on these pages is written by hand.

Only where an operation is to be found is said here, when it stands neither in the composer nor in the editor.
"""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from studio.recraft import reference
from studio.recraft.catalogue import COMPOSED, OPERATIONS
from studio.views.doors import StudioRequest, member
from studio.views.edit import EDITING


@dataclass(frozen=True)
class Place:
    """Where an operation is used."""

    label: str
    url: str


# Address, query and name of the places that are neither the composer nor the editor.
ELSEWHERE = {
    "create-style": ("styles:new", "", "Styles, New style"),
    "enhance-prompt": ("create:home", "", "Create, Enhance above the prompt"),
    "optimize-colors": ("assets:gallery", "?kind=vector", "Finish, Recolor, on any SVG"),
}


def place(slug: str) -> Place | None:
    """Where an operation of the catalogue is used; None where no page offers it."""
    if slug in COMPOSED:
        return Place("Create", reverse("create:page", args=[slug]))
    if slug in EDITING:
        return Place("The editor, from any picture", reverse("assets:gallery"))
    if slug not in ELSEWHERE:
        return None
    name, query, label = ELSEWHERE[slug]
    return Place(label, reverse(name) + query)


@require_GET
@member
def index(request: StudioRequest) -> HttpResponse:
    """Every operation, one line each."""
    table = reference.table()
    rows = [
        {"slug": slug, "label": operation.label, "cells": list(row.values())[1:]}
        for (slug, operation), row in zip(OPERATIONS.items(), table, strict=True)
    ]
    return render(request, "reference/index.html", {"table": table, "rows": rows})


@require_GET
@member
def page(request: StudioRequest, slug: str) -> HttpResponse:
    """One operation: its endpoint, models, price, fields with their limits, and what is not offered and why."""
    if slug not in OPERATIONS:
        raise Http404
    operation = OPERATIONS[slug]
    context = {
        "entry": reference.reference(operation),
        "price": reference.price_in_words(operation),
        "place": place(slug),
        "operations": [(slug, each.label) for slug, each in OPERATIONS.items()],
    }
    return render(request, "reference/page.html", context)
