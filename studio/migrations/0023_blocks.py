"""Lists as bits, which take the place of FTS5 and of PostgreSQL's index of words; for the pictures that are there too."""

import sys
from array import array
from collections import Counter, defaultdict

import django.db.models.deletion
from django.db import migrations, models

WIDTH, FEW = 6144, 64
# Of a row that is hardly more than its key, SQLite would keep the key twice.
BLOCKS = """
CREATE TABLE studio_facetblock (
    facet_id bigint NOT NULL REFERENCES studio_facet (id) DEFERRABLE INITIALLY DEFERRED,
    scope bigint unsigned NOT NULL CHECK (scope >= 0),
    block integer unsigned NOT NULL CHECK (block >= 0),
    bits BLOB NOT NULL,
    PRIMARY KEY (facet_id, scope, block)
) WITHOUT ROWID
"""
DROP = {
    "sqlite": (
        "DROP TRIGGER studio_words_insert",
        "DROP TRIGGER studio_words_delete",
        "DROP TRIGGER studio_words_update",
        "DROP TABLE studio_words",
    ),
    "postgresql": ("ALTER TABLE studio_assettext DROP COLUMN words",),
}
SCOPES = {
    "sqlite": "UPDATE studio_assettext SET scope = CAST(substr(place, instr(place, 's') + 1) AS bigint)",
    "postgresql": "UPDATE studio_assettext SET scope = split_part(place, 's', 2)::bigint",
}
MADE = {
    "sqlite": ("DROP TABLE studio_facetblock", BLOCKS),
    # A word is looked for by its beginning, which an index by the language's order doesn't tell.
    "postgresql": (
        "CREATE INDEX facet_beginning ON studio_facet (workspace_id, kind, value varchar_pattern_ops)",
    ),
}


def drop_words(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def fill_scopes(apps, schema_editor):
    schema_editor.execute(SCOPES[schema_editor.connection.vendor])


def make_blocks(apps, schema_editor):
    for statement in MADE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def fill_blocks(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM studio_facet WHERE kind NOT IN ('all', 'day', 'month', 'kept') AND kind NOT LIKE 'look%'"
        )
        for (facet,) in cursor.fetchall():
            cursor.execute("SELECT scope, asset_id FROM studio_assetfacet WHERE facet_id = %s", [facet])
            _write(cursor, ((facet, *row) for row in cursor.fetchall()))
        _fill_words(cursor, apps.get_model("studio", "Facet"))


def _fill_words(cursor, facets):
    last, ids, pictures = 0, {}, Counter()
    while True:
        # Whole blocks at once: each is written once.
        cursor.execute(
            "SELECT text.asset_id, text.scope, text.body, asset.workspace_id FROM studio_assettext AS text "
            "JOIN studio_asset AS asset ON asset.id = text.asset_id WHERE text.asset_id >= %s AND text.asset_id < %s",
            [last, last + WIDTH],
        )
        found = [(pk, scope, workspace, set(body.split()) - {"·"}) for pk, scope, body, workspace in cursor.fetchall()]
        new = {(workspace, word) for _, _, workspace, words in found for word in words} - ids.keys()
        made = facets.objects.bulk_create(
            [facets(workspace_id=workspace, kind="word", value=word) for workspace, word in sorted(new)]
        )
        ids.update({(facet.workspace_id, facet.value): facet.pk for facet in made})
        entries = [(ids[workspace, word], scope, pk) for pk, scope, workspace, words in found for word in words]
        _write(cursor, entries)
        pictures.update(entry[:2] for entry in entries)
        cursor.execute("SELECT min(asset_id) FROM studio_assettext WHERE asset_id >= %s", [last + WIDTH])
        after = cursor.fetchone()[0]
        if after is None:
            break
        last = after // WIDTH * WIDTH
    cursor.executemany(
        "INSERT INTO studio_facetcount (facet_id, scope, pictures) VALUES (%s, %s, %s)",
        [(*key, count) for key, count in pictures.items()],
    )


def _write(cursor, entries):
    found = defaultdict(int)
    for facet, scope, asset in entries:
        found[facet, scope, asset // WIDTH] |= 1 << asset % WIDTH
    cursor.executemany(
        "INSERT INTO studio_facetblock (facet_id, scope, block, bits) VALUES (%s, %s, %s, %s)",
        [(*key, _packed(bits)) for key, bits in sorted(found.items())],
    )


def _packed(bits):
    if bits.bit_count() > FEW:
        return bits.to_bytes(WIDTH // 8, "little")
    found = array("H", [at for at in range(bits.bit_length()) if bits >> at & 1])
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


class Migration(migrations.Migration):
    dependencies = [("studio", "0022_filed_units")]

    operations = [
        migrations.RunPython(drop_words, migrations.RunPython.noop),
        migrations.AddField(
            "assettext", "scope", models.PositiveBigIntegerField(default=0), preserve_default=False
        ),
        migrations.RunPython(fill_scopes, migrations.RunPython.noop),
        migrations.RemoveField("assettext", "place"),
        migrations.CreateModel(
            name="FacetBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facet_id", "scope", "block", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.PositiveBigIntegerField()),
                ("block", models.PositiveIntegerField()),
                ("bits", models.BinaryField()),
                (
                    "facet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="studio.facet",
                    ),
                ),
            ],
        ),
        migrations.RunPython(make_blocks, migrations.RunPython.noop),
        migrations.RunPython(fill_blocks, migrations.RunPython.noop),
    ]
