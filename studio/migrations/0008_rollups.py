"""Tallies: the entries added up by day and kind of work, those that are there already too."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db import migrations, models
from django.db.models import Case, Count, F, Q, Sum, TextField, Value, When
from django.db.models.deletion import PROTECT
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, ExtractMinute, TruncDay, TruncHour
from zoneinfo import ZoneInfo

BATCH = 500
STYLE = Coalesce("job__style__name", KeyTextTransform("style", "job__params"), Value(""), output_field=TextField())
CHARGE = Q(kind="charge")
DRIFTED = CHARGE & ~Q(units=F("closes__units"))
AMOUNTS = {
    "spent": Sum("units", filter=Q(units__gt=0), default=0),
    "back": -Sum("units", filter=Q(units__lt=0), default=0),
    "pictures": Sum(Case(When(CHARGE, then=F("job__images")), default=Value(0)), default=0),
    "drifted": Count("pk", filter=DRIFTED),
    "quoted": Sum("closes__units", filter=DRIFTED, default=0),
    "charged": Sum("units", filter=DRIFTED, default=0),
}


def count(apps, schema_editor):
    tallies = apps.get_model("studio", "Tally").objects
    totals = apps.get_model("studio", "Entry").objects.filter(budget__window="total")
    for workspace in apps.get_model("studio", "Workspace").objects.all():
        tallies.bulk_create(of_people(tallies.model, totals, workspace), batch_size=BATCH)
    tallies.bulk_create(of_providers(tallies.model, totals), batch_size=BATCH)


def of_people(Tally, totals, workspace):
    rows = totals.filter(
        account__kind="person", account__workspace=workspace, kind__in=("charge", "loss", "adjust")
    ).annotate(
        since=TruncDay("created_at", tzinfo=ZoneInfo(workspace.time_zone)),
        operation=Coalesce("job__operation", Value("")),
        image_model=Coalesce("job__image_model", Value("")),
        style=STYLE,
    )
    for row in rows.values("account_id", "since", "operation", "image_model", "style").annotate(**AMOUNTS):
        yield Tally(**{**row, "since": midnight(row["since"])}, zone=workspace.time_zone)


def midnight(since: datetime) -> datetime:
    """The first of two, and the end of the gap of one that the clocks skip."""
    return since.replace(fold=0).astimezone(UTC)


def of_providers(Tally, totals):
    """By quarters of an hour, of which the days of any time zone are made."""
    rows = totals.filter(account__kind="provider", kind__in=("charge", "loss", "external", "adjust")).annotate(
        hour=TruncHour("created_at", tzinfo=UTC), minute=ExtractMinute("created_at", tzinfo=UTC)
    )
    spent, back = Counter(), Counter()
    for row in rows.values("account_id", "hour", "minute").annotate(
        spent=AMOUNTS["spent"], back=AMOUNTS["back"]
    ):
        key = row["account_id"], row["hour"] + timedelta(minutes=row["minute"] // 15 * 15)
        spent[key] += row["spent"]
        back[key] += row["back"]
    for account, since in spent:
        yield Tally(account_id=account, since=since, spent=spent[account, since], back=back[account, since])


class Migration(migrations.Migration):
    dependencies = [
        ("studio", "0007_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("operation", models.CharField(blank=True, max_length=40)),
                ("image_model", models.CharField(blank=True, max_length=40)),
                ("style", models.TextField(blank=True)),
                ("spent", models.BigIntegerField(default=0)),
                ("back", models.BigIntegerField(default=0)),
                ("pictures", models.BigIntegerField(default=0)),
                ("drifted", models.BigIntegerField(default=0)),
                ("quoted", models.BigIntegerField(default=0)),
                ("charged", models.BigIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(on_delete=PROTECT, related_name="tallies", to="studio.account"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("account", "since", "zone", "operation", "image_model", "style"), name="tally_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=~Q(error=""), fields=["provider_account", "claimed_at"], name="attempt_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(condition=Q(actor__isnull=False), fields=["account", "-id"], name="entry_by_hand"),
        ),
        migrations.RemoveIndex(model_name="result", name="result_open"),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(
                condition=Q(state="waiting") | Q(state="saving"), fields=["url_deadline"], name="result_open"
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=Q(ended_at=None), fields=["workspace", "person"], name="job_under_way"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=Q(state="lost"), fields=["workspace"], name="job_lost"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
