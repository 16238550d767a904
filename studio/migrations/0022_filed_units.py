"""What each collection's item keeps of its picture's charge; for those that are there, from the ledger."""

import django.db.models.deletion
from django.db import migrations, models

CHARGE = """SELECT {column} FROM studio_asset AS asset
    JOIN studio_entry AS entry ON entry.job_id = asset.job_id AND entry.kind = 'charge'
    JOIN studio_budget AS budget ON budget.id = entry.budget_id AND budget."window" = 'total'
    JOIN studio_account AS account ON account.id = entry.account_id AND account.kind = 'person'
    WHERE asset.id = asset_id"""
KEEP = f"""
UPDATE studio_collectionitem SET
    units = (SELECT units FROM studio_asset WHERE studio_asset.id = asset_id),
    payer_id = ({CHARGE.format(column="entry.account_id")}),
    charged_at = ({CHARGE.format(column="entry.created_at")})
WHERE asset_id IN (SELECT id FROM studio_asset WHERE units > 0)
"""  # noqa: S608  names that stand above


class Migration(migrations.Migration):
    dependencies = [("studio", "0001_squashed_0020_boards")]

    operations = [
        migrations.AddField("collectionitem", "charged_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "collectionitem",
            "payer",
            models.ForeignKey(
                "studio.account",
                django.db.models.deletion.PROTECT,
                db_index=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddField("collectionitem", "units", models.PositiveIntegerField(default=0)),
        migrations.AddIndex(
            "collectionitem",
            models.Index(fields=["collection", "charged_at", "payer", "units", "asset"], name="collection_spent"),
        ),
        # After the index: PostgreSQL makes none on a table with rows of this transaction to be checked.
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
