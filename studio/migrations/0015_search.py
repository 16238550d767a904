import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import studio.models.ids

# The words are cut by the studio: what is not ASCII is part of a word, whatever it is.
SQLITE = (
    """
    CREATE VIRTUAL TABLE studio_words USING fts5(
        place, body, content='studio_assettext', content_rowid='asset_id', columnsize=0, tokenize='ascii'
    )
    """,
    """
    CREATE TRIGGER studio_words_insert AFTER INSERT ON studio_assettext BEGIN
        INSERT INTO studio_words (rowid, place, body) VALUES (NEW.asset_id, NEW.place, NEW.body);
    END
    """,
    """
    CREATE TRIGGER studio_words_delete AFTER DELETE ON studio_assettext BEGIN
        INSERT INTO studio_words (studio_words, rowid, place, body)
        VALUES ('delete', OLD.asset_id, OLD.place, OLD.body);
    END
    """,
    """
    CREATE TRIGGER studio_words_update AFTER UPDATE ON studio_assettext BEGIN
        INSERT INTO studio_words (studio_words, rowid, place, body)
        VALUES ('delete', OLD.asset_id, OLD.place, OLD.body);
        INSERT INTO studio_words (rowid, place, body) VALUES (NEW.asset_id, NEW.place, NEW.body);
    END
    """,
)
POSTGRESQL = (
    "ALTER TABLE studio_assettext ADD COLUMN words tsvector",
    # Without a list of what is pending: a search must not pay for what was written before.
    "CREATE INDEX asset_text_words ON studio_assettext USING gin (words) WITH (fastupdate = off)",
)


def index_words(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("studio", "0014_gallery_rows")]

    operations = [
        migrations.CreateModel(
            name="AssetText",
            fields=[
                (
                    "asset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="studio.asset",
                    ),
                ),
                ("place", models.CharField(max_length=60)),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to="studio.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "person", "name"), name="saved_search_unique")
                ],
            },
        ),
        migrations.RunPython(index_words, migrations.RunPython.noop),
    ]
