"""Fill a database with pictures by the hundred thousand, to measure the gallery.

    manage.py seed_gallery --pictures 1000000

Nothing is drawn: a few files stand for all of them, and the rows are written past the services, as those would leave
them. It refuses where there are jobs, unless it is told to go on: what it makes can't be told from work, nor removed.
"""

import contextlib
import hashlib
import json
import random
import shutil
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from studio.models import Asset, Job, Membership, Role, User, Workspace
from studio.models.facets import SHARED
from studio.models.ids import new_public_id
from studio.services import accounts, facets, looks, members, reindexing
from studio.services.assets import media
from studio.services.words import BREAK, body

PER_JOB = 4
YEARS = 3
FILES = 8
RENDITIONS = 50_000  # newest pictures that can be looked at; the others are rows
PEOPLE = ("Ines Vidal", "Tomas Okafor", "Ayo Brandt", "Priya Sen", "Leo Marin", "Noa Haddad", "Sami Lund")
SUBJECTS = ("vase", "fox", "balloon", "cactus", "chair", "bottle", "city", "bird", "planet", "ridge", "koi", "arch")
KINDS = ("ceramic", "geometric", "isometric", "striped", "folded", "woven", "glass", "paper", "copper", "linen")
PLACES = ("on a ledge", "at dusk", "in still water", "by a window", "over hills", "in the studio", "under snow")
MODELS = ("recraftv4_1", "recraftv4_1", "recraftv4_1", "recraftv4_1_vector", "recraftv3", "recraftv4_1_pro")
OPERATIONS = ("generate", "generate", "generate", "generate", "image-to-image", "crisp-upscale", "remove-background")
STYLES = ("", "", "", "Photorealism", "Illustration", "Hand drawn")
SIZES = ((1024, 1024), (896, 1152), (1152, 896), (1344, 768))
UNITS = (35, 35, 35, 40, 80, 250)
SINGLE = ("all", "person", "operation", "model", "style", "kind", "aspect", "rating", "cost", "month", "day")
DRAWN = ("all_", "person", "operation", "model", "style", "kind", "aspect", "rating", "cost", "month", "day")
Values = dict[str, Any]
SEED = (*DRAWN, "tagged", "palette", "look0", "look1", "look2", "look3")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pictures", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=4)
        parser.add_argument("--workspace", default="", help="a new one of that name; otherwise the first one")
        parser.add_argument("--force", action="store_true", help="also where there are jobs already")

    def handle(self, *args: Any, **options: Any) -> None:
        if Job.objects.exists() and not options["force"]:
            raise CommandError("Somebody has worked here. Take an empty database, or say --force.")
        owner = _owner(options["workspace"])
        library = _Library(owner.workspace, random.Random(options["seed"]), options["pictures"])  # noqa: S311
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with transaction.atomic(), _without_indexes():
            library.write(owner.person)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{options['pictures']} pictures in {owner.workspace}")


def _owner(name: str) -> Membership:
    """The owner of the workspace to fill; a new one belongs to whoever owns the first."""
    members.first_link()
    first = Membership.objects.filter(role=Role.OWNER).select_related("workspace", "person").order_by("id")[0]
    if not name:
        return first
    members.add(Workspace.objects.create(name=name), first.person, Role.OWNER)
    return first.person.memberships.select_related("workspace", "person").get(workspace__name=name)


class _Library:
    """The rows of one workspace's pictures, the oldest first."""

    def __init__(self, workspace: Workspace, chance: random.Random, count: int) -> None:
        self.workspace, self.chance, self.count = workspace, chance, count
        self.files = [_stored(workspace, path) for path in sorted(_pictures())[:FILES]]
        self.palettes = [[[chance.randrange(256) for _ in range(3)] for _ in range(4)] for _ in range(60)]
        names = [f"tag {number}" for number in range(40)]
        self.tags = [sorted(chance.sample(names, chance.choice((0, 0, 1, 2)))) for _ in range(200)]
        self.tags += [["poster"]] * 20 + [["rare tag"]]
        self.account, self._said = accounts.current().pk, dict[str, str]()
        self.began = timezone.now() - timedelta(days=365 * YEARS)
        # Every library has one picture of what is rare, however small it is: then all are asked the same question.
        self.middle = count // 2

    def write(self, owner: User) -> None:
        people = [owner.pk, *(self._person(name) for name in PEOPLE)]
        first_job = (Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        first = (Asset.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        jobs = [self._job(first_job + number, number, people) for number in range(-(-self.count // PER_JOB))]
        load("studio_job", list(jobs[0]), (each.values() for each in jobs))
        _begin_seed()
        for start in range(0, self.count, 50_000):
            numbers = range(start, min(start + 50_000, self.count))
            self._assets([(first + number, jobs[number // PER_JOB], number) for number in numbers])
        self._facets()
        reindexing.rebuild_blocks(self.workspace)
        _copy_renditions(self.workspace.pk, first + max(0, self.count - RENDITIONS))
        _after_ids()

    def _person(self, name: str) -> int:
        email = f"{name.split()[0].lower()}@example.com"
        person = User.objects.filter(email=email).first()
        person = person or User.objects.create_user(email, None, name=name)
        if not person.memberships.filter(workspace=self.workspace).exists():
            members.add(self.workspace, person, Role.EDITOR)
        return person.pk

    def _at(self, number: int) -> datetime:
        return self.began + timedelta(days=365 * YEARS * number / max(self.count, 1))

    def _job(self, pk: int, number: int, people: list[int]) -> Values:
        chance = self.chance
        prompt = f"{chance.choice(KINDS).capitalize()} {chance.choice(SUBJECTS)} {chance.choice(PLACES)}"
        if chance.random() < 0.001 or number == self.middle // PER_JOB:
            prompt += ", narwhal"
        model, style = chance.choice(MODELS), chance.choice(STYLES)
        params = {"prompt": prompt, "model": model, "n": PER_JOB} | ({"style": style} if style else {})
        at = self._at(PER_JOB * number)
        row = {"id": pk, "public_id": new_public_id(), "workspace_id": self.workspace.pk}
        row |= {"person_id": chance.choices(people, [8, 6, 5, 4, 3, 2, 1, 1])[0], "params": json.dumps(params)}
        row |= {"operation": chance.choice(OPERATIONS), "image_model": model, "images": PER_JOB, "key": f"seed {pk}"}
        row |= {"provider_account_id": self.account, "fingerprint": "", "twin": ""}
        row |= {
            "quoted_units": 140,
            "charged_units": 140,
            "state": "done",
            "visibility": "workspace",
            "reason": "",
            "name": "",
            "tries": 1,
        }
        return row | dict.fromkeys(("not_before", "created_at", "started_at", "ended_at"), at)

    def _assets(self, numbered: Sequence[tuple[int, Values, int]]) -> None:
        assets, seeds, texts = [], [], []
        for pk, job, number in numbered:
            asset, seed, text = self._asset(pk, job, number)
            assets.append(asset)
            seeds.append(seed)
            texts.append(text)
        load("studio_asset", list(assets[0]), (each.values() for each in assets))
        load("gallery_seed", ["asset", "scope", *SEED], seeds)
        load("studio_assettext", ["asset_id", "scope", "body"], texts)

    def _asset(self, pk: int, job: Values, number: int) -> tuple[Values, tuple[Any, ...], tuple[Any, ...]]:
        chance, at = self.chance, self._at(number)
        private, rating = chance.random() < 0.1, chance.choice((0, 0, 0, 0, 1, 2, 3, 3, 4, 5))
        width, height = SIZES[pk % len(SIZES)]
        tagged, palette = chance.randrange(len(self.tags)), chance.randrange(60)
        if number == self.middle:
            tagged, rating, private = len(self.tags) - 1, 5, False
        phash, vector, units = chance.getrandbits(64) - (1 << 63), "vector" in job["image_model"], chance.choice(UNITS)
        file, sha256, size = self.files[pk % len(self.files)]
        row = {"id": pk, "public_id": new_public_id(), "workspace_id": self.workspace.pk, "job_id": job["id"]}
        row |= {"person_id": job["person_id"], "state": "stored", "kind": "drawn", "decision": "open", "rating": rating}
        row |= {"visibility": "private" if private else "workspace", "given_title": "", "note": "", "name": ""}
        row |= {"tags": json.dumps(self.tags[tagged]), "units": units, "phash": phash, "size": size, "sha256": sha256}
        row |= {"media_type": "image/svg+xml" if vector else "image/webp", "width": width, "height": height}
        row |= {"file": file, "placeholder": "", "colors": json.dumps(self.palettes[palette]), "render_tries": 1}
        row |= dict.fromkeys(("rendered_at", "indexed_at", "created_at"), at)
        params, scope = json.loads(job["params"]), job["person_id"] if private else SHARED
        seed: tuple[Any, ...] = (
            pk,
            scope,
            "",
            str(job["person_id"]),
            job["operation"],
            job["image_model"],
            params.get("style", ""),
        )
        seed += ("vector" if vector else "raster", facets.nearest_aspect(width, height), str(rating), f"{units:06}")
        seed += (f"{at:%Y-%m}", f"{at:%Y-%m-%d}", tagged, palette, *(value for _, value in facets.bands(phash)))
        words = [self._words(params["prompt"]), *map(self._words, self.tags[tagged])]
        return row, seed, (pk, scope, f" {BREAK} ".join(words))

    def _words(self, text: str) -> str:
        """The words of a text; of most there are many."""
        return self._said.get(text) or self._said.setdefault(text, body(text))

    def _facets(self) -> None:
        """One statement for each kind, in the order of the key."""
        many = [("tag", "tagged", key, tag) for key, tags in enumerate(self.tags) for tag in tags]
        for key, colors in enumerate(self.palettes):
            many += [("color", "palette", key, name) for name in looks.names(colors)]
            many += [("cell", "palette", key, cell) for cell in looks.cells(colors)]
        load("gallery_seed_many", ["kind", "via", "key", "value"], many)
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX gallery_seed_key ON gallery_seed_many (kind, key)")
        singles = [*zip(SINGLE, DRAWN, strict=True), *((f"look{at}", f"look{at}") for at in range(facets.BANDS))]
        for kind, column in singles:
            source = f"SELECT asset, scope, {column} AS value FROM gallery_seed"  # noqa: S608  names of our own
            _spread(self.workspace.pk, kind, source)
        kept = f"SELECT asset, scope, day AS value FROM gallery_seed WHERE rating >= '{facets.GOOD}'"  # noqa: S608
        _spread(self.workspace.pk, "kept", kept)
        for kind, via in (("tag", "tagged"), ("color", "palette"), ("cell", "palette")):
            source = (
                f"SELECT seed.asset, seed.scope, many.value FROM gallery_seed AS seed "  # noqa: S608
                f"CROSS JOIN gallery_seed_many AS many WHERE many.kind = '{kind}' AND many.key = seed.{via}"
            )
            _spread(self.workspace.pk, kind, source)


# --- in bulk --------------------------------------------------------------------------------------------------------


def load(table: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write many rows at once, in the way this database likes best."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(tuple(row))
            return
        holes = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})"  # noqa: S608  names of our own
        adapted: Any = (tuple(map(_adapted, row)) for row in rows)
        cursor.executemany(sql, adapted)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _begin_seed() -> None:
    columns = ", ".join(f"{name} {'integer' if name in ('tagged', 'palette') else 'text'}" for name in SEED)
    with connection.cursor() as cursor:
        for table in ("gallery_seed", "gallery_seed_many"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE gallery_seed (asset bigint, scope bigint, {columns})")
        cursor.execute("CREATE TEMPORARY TABLE gallery_seed_many (kind text, via text, key integer, value text)")


def _spread(workspace: int, kind: str, source: str) -> None:
    """Put pictures under the facets of a kind: `source` selects asset, scope and value; an empty value is none."""
    some = "TRUE" if kind == "all" else "found.value <> ''"
    # A cross join keeps its order on SQLite, which knows nothing of these tables yet.
    join = (
        f"FROM ({source}) AS found CROSS JOIN studio_facet AS facet WHERE facet.workspace_id = %s "
        f"AND facet.kind = %s AND facet.value = found.value AND {some}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO studio_facet (workspace_id, kind, value) "  # noqa: S608
            f"SELECT DISTINCT %s, %s, found.value FROM ({source}) AS found WHERE {some} ON CONFLICT DO NOTHING",
            [workspace, kind],
        )
        cursor.execute(
            f"INSERT INTO studio_assetfacet (facet_id, scope, asset_id) SELECT facet.id, found.scope, found.asset "
            f"{join} ORDER BY 1, 2, 3",
            [workspace, kind],
        )
        if not kind.startswith("look"):
            cursor.execute(
                f"INSERT INTO studio_facetcount (facet_id, scope, pictures) SELECT facet.id, found.scope, count(*) "
                f"{join} GROUP BY facet.id, found.scope "
                "ON CONFLICT (facet_id, scope) DO UPDATE SET pictures = studio_facetcount.pictures + excluded.pictures",
                [workspace, kind],
            )


def _copy_renditions(workspace: int, first: int) -> None:
    """What is shown of the newest: their own file, whatever the size."""
    with connection.cursor() as cursor:
        for name in ("tile", "preview"):
            cursor.execute(
                "INSERT INTO studio_rendition (asset_id, name, media_type, width, height, file) "
                "SELECT id, %s, 'image/webp', 512, 512, file FROM studio_asset WHERE workspace_id = %s AND id >= %s",
                [name, workspace, first],
            )


def _after_ids() -> None:
    """Let the next job and the next picture come after these. SQLite sees to that itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("studio_job", "studio_asset"):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608


@contextlib.contextmanager
def _without_indexes() -> Iterator[None]:
    """Make the indexes of the largest tables afterwards: in one go that is much quicker than row by row."""
    with connection.cursor() as cursor:
        _leave_checks(cursor)
        made = _indexes(cursor)
        for name in made:
            cursor.execute(f"DROP INDEX {name}")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no index is made while some are still to be checked
        for sql in made.values():
            cursor.execute(sql)


def _leave_checks(cursor: Any) -> None:
    """Don't look up what each of millions of rows refers to, where this is allowed. What it refers to is made here."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")


def _indexes(cursor: Any) -> dict[str, str]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'studio_assetfacet' "
            "AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [],
        )
    else:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'studio_assetfacet' AND type = 'index'")
    return {f'"{name}"': sql for name, sql in cursor.fetchall() if sql}


def _pictures() -> Iterator[Path]:
    """Files to stand for all pictures: those that decorate the sign-in page."""
    return (settings.BASE_DIR / "static" / "img" / "wall").glob("*.webp")


def _stored(workspace: Workspace, path: Path) -> tuple[str, str, int]:
    """The name, hash and size of a file that is now in media storage."""
    with media().temporary() as copy:
        shutil.copyfile(path, copy)
        sha256 = hashlib.sha256(copy.read_bytes()).hexdigest()
        return media().store(copy, workspace.public_id, sha256), sha256, path.stat().st_size
