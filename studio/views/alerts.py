"""Alerts: what was raised, from where on, and the webhooks that carry it on. For owners and admins."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.forms.alerts import AlertsForm, WebhookForm
from studio.models import Alert, Delivery, Webhook
from studio.services import alerts, webhooks
from studio.views.doors import StudioRequest, steward

NEWEST = 30
NEWEST_DELIVERIES = 20


@require_GET
@steward
def page(request: StudioRequest) -> HttpResponse:
    """Everything about alerts of the workspace."""
    return _page(request)


@require_POST
@steward
def choose(request: StudioRequest) -> HttpResponse:
    """From where on to be warned."""
    form = AlertsForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    return _done(request, lambda: alerts.choose(request.membership, **form.cleaned_data))


@require_POST
@steward
def add(request: StudioRequest) -> HttpResponse:
    """Add a webhook, and show its secret this once."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            webhook, secret = webhooks.make(request.membership, form.cleaned_data["url"])
            return _page(request, fresh=webhook, secret=secret)
        except InvalidRequest as error:
            form.add_error("url", error.message)
    return _page(request, status=422, webhook_form=form)


@require_POST
@steward
def end(request: StudioRequest, public_id: str) -> HttpResponse:
    """Take a webhook away."""
    webhook = _webhook(request, public_id)
    return _done(request, lambda: webhooks.end(request.membership, webhook))


@require_POST
@steward
def test(request: StudioRequest, public_id: str) -> HttpResponse:
    """Send a test."""
    webhook = _webhook(request, public_id)
    return _done(request, lambda: webhooks.test(request.membership, webhook))


@require_POST
@steward
def again(request: StudioRequest, pk: int) -> HttpResponse:
    """Send once more what was given up."""
    delivery = get_object_or_404(_deliveries(request), pk=pk)
    return _done(request, lambda: webhooks.again(request.membership, delivery))


def _webhook(request: StudioRequest, public_id: str) -> Webhook:
    mine = Webhook.objects.in_use().filter(workspace=request.membership.workspace)
    return get_object_or_404(mine, public_id=public_id)


def _deliveries(request: StudioRequest) -> Any:
    return Delivery.objects.filter(webhook__workspace=request.membership.workspace).select_related("webhook", "alert")


def _done(request: StudioRequest, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except StudioError as error:
        return _page(request, status=422, problem=error.message)
    return redirect("alerts:page")


def _page(request: StudioRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    workspace = request.membership.workspace
    chosen = alerts.settings_of(workspace)
    context = {
        "form": AlertsForm(initial={"low_balance": chosen.low_balance, "days_left": chosen.days_left}),
        "webhook_form": WebhookForm(),
        "webhooks": Webhook.objects.in_use().filter(workspace=workspace).select_related("created_by").order_by("pk"),
        "deliveries": _deliveries(request).order_by("-id")[:NEWEST_DELIVERIES],
        "alerts": Alert.objects.filter(workspace=workspace).order_by("-id")[:NEWEST],
        "signature": webhooks.SIGNATURE,
    }
    return render(request, "alerts/page.html", context | more, status=status)
