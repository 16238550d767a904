"""Django's admin, to look at rows. Everything here is read-only: what changes goes through services."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest

from studio.models import (
    Account,
    Alert,
    Asset,
    Attempt,
    Budget,
    Cap,
    Checkpoint,
    CustomStyle,
    Delivery,
    Entry,
    FavoriteStyle,
    Host,
    Job,
    Membership,
    Notice,
    Price,
    ProviderAccount,
    Result,
    UnitsRequest,
    User,
    Webhook,
    Workspace,
)

admin.site.site_header = admin.site.site_title = "Atelier"
admin.site.index_title = "Rows"
admin.site.unregister(Group)  # roles belong to a workspace; Django's groups are not used


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists and shows, and changes nothing."""

    list_per_page = 50
    show_full_result_count = False
    columns: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("__str__", *self.columns)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


COLUMNS: dict[type[Model], tuple[str, ...]] = {
    User: ("email", "name", "is_active", "created_at"),
    Workspace: ("created_at",),
    Membership: ("workspace", "person", "role"),
    ProviderAccount: ("kind", "state", "paused_reason", "balance", "balance_at"),
    Checkpoint: ("provider_account", "balance", "drop", "explained", "billed", "external", "unknowns", "taken_at"),
    Host: ("name", "seen_at"),
    Job: ("workspace", "person", "operation", "image_model", "state", "quoted_units", "charged_units", "created_at"),
    Attempt: ("job", "state", "units", "error", "claimed_at", "sent_at", "ended_at"),
    Result: ("job", "index", "state", "tries", "reason", "url_deadline"),
    Asset: ("workspace", "person", "media_type", "width", "height", "size", "created_at"),
    CustomStyle: ("workspace", "person", "image_model", "provider_account", "created_at", "deleted_at", "forgotten_at"),
    FavoriteStyle: ("person", "image_model"),
    Account: ("provider_account", "kind", "workspace", "person"),
    Budget: ("account", "window", "starts_at", "ends_at", "is_current", "limit", "soft_limit", "used", "held"),
    Cap: ("workspace", "scope", "person", "window", "operation", "units", "soft", "until", "created_by", "ended_at"),
    UnitsRequest: ("workspace", "person", "job", "window", "units", "state", "decided_by", "decided_at"),
    Price: ("provider_account", "line", "image_model", "units", "effective_from", "created_by", "reason"),
    Notice: ("person", "workspace", "kind", "created_at", "read_at", "mail_at", "mailed_at"),
    Alert: ("workspace", "kind", "key", "created_at", "ended_at"),
    Webhook: ("workspace", "created_by", "created_at", "ended_at"),
    Delivery: ("webhook", "alert", "state", "tries", "status", "error", "created_at", "sent_at"),
    Entry: ("account", "budget", "kind", "units", "job", "actor", "reason", "created_at"),
}

for model, columns in COLUMNS.items():
    admin.site.register(
        model, type(f"{model.__name__}Admin", (LookOnly,), {"columns": columns, "list_select_related": True})
    )
