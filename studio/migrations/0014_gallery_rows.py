from django.db import migrations, models

# Of a row that is nothing but its key, SQLite would keep a table and an index of the same.
FACETS = """
CREATE TABLE studio_assetfacet (
    facet_id bigint NOT NULL REFERENCES studio_facet (id) DEFERRABLE INITIALLY DEFERRED,
    scope bigint unsigned NOT NULL CHECK (scope >= 0),
    asset_id bigint NOT NULL REFERENCES studio_asset (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (facet_id, scope, asset_id)
) WITHOUT ROWID
"""


def without_rowid(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE studio_assetfacet")
        schema_editor.execute(FACETS)
        schema_editor.execute("CREATE INDEX studio_assetfacet_asset ON studio_assetfacet (asset_id)")


class Migration(migrations.Migration):
    """The pictures that are there are indexed by the clock, or at once by `manage.py index_gallery`."""

    dependencies = [("studio", "0013_asset_units")]

    operations = [
        migrations.RunPython(without_rowid, migrations.RunPython.noop),
        migrations.AddField("asset", "indexed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "asset", models.Index(fields=["id"], name="asset_unindexed", condition=models.Q(indexed_at=None))
        ),
        migrations.AddIndex(
            "asset",
            models.Index(
                fields=["id"],
                name="asset_unhashed",
                condition=models.Q(phash=None, state="stored", rendered_at__isnull=False) & ~models.Q(kind="mask"),
            ),
        ),
    ]
