"""The reference: what every operation takes, from the catalogue. Nothing on these pages is written by hand."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.recraft import reference
from studio.recraft.catalogue import OPERATIONS
from studio.views.doors import StudioRequest, member


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
        "operations": [(slug, each.label) for slug, each in OPERATIONS.items()],
    }
    return render(request, "reference/page.html", context)
