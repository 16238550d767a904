"""A ledger of any length, written by a few statements: jobs of the last thirty days that were answered and charged.

Each has three reserves and three charges, as the gate and the ledger would have written them without caps. Half of a
second in Python per thousand jobs would be half of an hour for a million entries. What is left out is what a page of
figures doesn't read: results, and pictures that lie in no collection.
"""

from django.db import connection, transaction
from django.db.models import Model

from studio.models import (
    Account,
    Asset,
    Checkpoint,
    Collection,
    Entry,
    Host,
    Job,
    Membership,
    Role,
    User,
    Workspace,
)
from studio.services import accounts, members, tallies

PEOPLE = 12
DAYS = 30
ENTRIES_EACH = 6
UNITS = 10**9
COLLECTIONS = 40
MODELS = ("recraftv4_1", "recraftv4_1_vector", "recraftv3", "recraftv4", "recraftv4_1_pro")
_AGO = {
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '-' || ({seconds}) || ' seconds')",
    "postgresql": "(NOW() - ({seconds}) * INTERVAL '1 second')",
}
_UUID = {"sqlite": "LOWER(HEX(RANDOMBLOB(16)))", "postgresql": "GEN_RANDOM_UUID()"}
# Numbers without pattern enough that every person has every model on every day.
_SECONDS = f"(number * 7919) %% {DAYS * 86_400 - 3600} + 600"
# A job is a copy of one that was made as jobs are, but for these.
_JSON = {"sqlite": "{text}", "postgresql": "CAST({text} AS jsonb)"}
_DIFFERS = {
    "public_id": "'seed' || number",
    "person_id": "CASE number %% {people} {persons} END",
    "operation": "CASE WHEN number %% 9 = 0 THEN 'inpaint' ELSE 'generate' END",
    "params": "CASE WHEN number %% 5 = 2 THEN {styled} ELSE {plain} END",
    "image_model": "CASE number %% {kinds} {models} END",
    "images": "1 + number %% 2",
    "key": "'seed-' || number",
    "quoted_units": "40 * (1 + number %% 2)",
    "charged_units": "40 * (1 + number %% 2)",
    "state": "'done'",
    "not_before": "{ago}",
    "created_at": "{ago}",
    "ended_at": "{ago}",
}
_PICTURE_DIFFERS = {
    "public_id": "'seed' || job.id",
    "person_id": "job.person_id",
    "job_id": "job.id",
    "units": "40",
    "created_at": "job.created_at",
}
_JOBS = """
WITH RECURSIVE numbers(number) AS (SELECT {first} UNION ALL SELECT number + 1 FROM numbers WHERE number < {last})
INSERT INTO studio_job ({columns}) SELECT {selected} FROM numbers, studio_job AS pattern WHERE pattern.key = 'pattern'
"""
_ATTEMPTS = """
INSERT INTO studio_attempt (id, job_id, provider_account_id, host_id, state, images, claimed_at, sent_at, ended_at,
    units, error, error_text, checkpoint_id)
SELECT {uuid}, id, provider_account_id, 'bench', 'succeeded', images, created_at, created_at, created_at,
    charged_units, '', '', {checkpoint}
FROM studio_job WHERE id > {after}
"""
_FAILED = """
INSERT INTO studio_attempt (id, job_id, provider_account_id, host_id, state, images, claimed_at, ended_at, error,
    error_text)
SELECT {uuid}, id, provider_account_id, 'bench', 'failed', images, created_at, created_at, 'ServerFailed', ''
FROM studio_job WHERE id > {after} AND id %% 200 = 0
"""
_ENTRIES = """
INSERT INTO studio_entry (account_id, contra_id, budget_id, kind, units, job_id, closes_id, reason, created_at)
SELECT account.id, account.contra_id, budget.id, '{kind}', job.quoted_units, job.id, {closes}, '', job.created_at
FROM studio_job AS job
JOIN studio_account AS account ON account.provider_account_id = job.provider_account_id AND (account.kind = 'provider'
    OR account.kind = 'workspace' AND account.workspace_id = job.workspace_id
    OR account.kind = 'person' AND account.workspace_id = job.workspace_id AND account.person_id = job.person_id)
JOIN studio_budget AS budget ON budget.account_id = account.id AND budget."window" = 'total'
{reserve}
WHERE job.id > {after} ORDER BY job.id, budget.id
"""
_RESERVE = """JOIN studio_entry AS reserve
    ON reserve.job_id = job.id AND reserve.budget_id = budget.id AND reserve.kind = 'reserve'"""
# Of every eighth job one picture is filed, of every 40th in a second collection too.
_PICTURES = """
INSERT INTO studio_asset ({asset_columns}) SELECT {asset_selected} FROM studio_job AS job, studio_asset AS pattern
WHERE pattern.public_id = 'pattern' AND job.id > {after} AND job.id %% 8 = 0
"""
_FILED = """
INSERT INTO studio_collectionitem (collection_id, asset_id, place, added_by_id, added_at, units, payer_id, charged_at)
SELECT CASE (asset.id + {shift}) %% {collections} {collection} END, asset.id, asset.id, asset.person_id,
    asset.created_at, asset.units, account.id, asset.created_at
FROM studio_asset AS asset JOIN studio_account AS account
    ON account.kind = 'person' AND account.person_id = asset.person_id AND account.provider_account_id = {account}
WHERE asset.job_id > {after} AND (asset.id + {shift}) %% {every} = 0
"""
_USED = """
UPDATE studio_budget SET used = (SELECT COALESCE(SUM(units), 0) FROM studio_entry AS entry
    WHERE entry.budget_id = studio_budget.id AND entry.kind = 'charge')
"""


def found() -> User:
    """A workspace with PEOPLE people who may spend what they like; returns its owner."""
    workspace = Workspace.objects.create(name="Bench", time_zone="Europe/Berlin")
    people = [
        User.objects.create_user(f"b{number}@example.com", None if number else "three vases", name=f"B{number}")
        for number in range(PEOPLE)
    ]
    for person in people:
        members.add(workspace, person, Role.EDITOR if person is not people[0] else Role.OWNER)
    Account.objects.update(review_at=None)
    return people[0]


@transaction.atomic
def fill(owner: User, entries: int) -> None:
    """Add jobs until there are so many entries of theirs, and tallies of all."""
    workspace = owner.workspaces.get()
    account = accounts.current()
    Host.objects.get_or_create(pk="bench")
    pattern = {"workspace": workspace, "person": owner, "provider_account": account, "operation": "generate"}
    Job.objects.get_or_create(key="pattern", defaults={**pattern, "quoted_units": 0, "state": "failed"})
    first, last = Job.objects.count(), entries // ENTRIES_EACH
    after = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    checkpoint = Checkpoint.objects.create(provider_account=account, balance=0, ledger=0)
    people = Membership.objects.filter(workspace=workspace).values_list("person", flat=True).order_by("person")
    values = {
        "first": first,
        "last": last,
        "after": after,
        "people": PEOPLE,
        "persons": _cases(people),
        "kinds": len(MODELS),
        "models": _cases([f"'{model}'" for model in MODELS]),
        "styled": _JSON[connection.vendor].format(text="""'{"prompt": "A vase", "style": "Photorealism"}'"""),
        "plain": _JSON[connection.vendor].format(text="""'{"prompt": "A vase"}'"""),
        "ago": _AGO[connection.vendor].format(seconds=_SECONDS),
        "uuid": _UUID[connection.vendor],
        "account": account.pk,
        "checkpoint": checkpoint.pk,
    }
    values["columns"], values["selected"] = _copied(Job, _DIFFERS, values)
    with connection.cursor() as cursor:
        for statement in (_JOBS, _ATTEMPTS, _FAILED):
            cursor.execute(statement.format(**values), [])
        _file(owner, workspace, values)
        for kind, closes, reserve in (("reserve", "NULL", ""), ("charge", "reserve.id", _RESERVE)):
            cursor.execute(_ENTRIES.format(**values, kind=kind, closes=closes, reserve=reserve), [])
        cursor.execute(_USED)
    tallies.recount_all()


def _file(owner: User, workspace: Workspace, values: dict[str, object]) -> None:
    """Put one picture of every eighth job into collections: one, or two."""
    pattern = {"workspace": workspace, "person": owner, "media_type": "image/webp", "width": 1, "height": 1, "size": 1}
    Asset.objects.get_or_create(public_id="pattern", defaults={**pattern, "sha256": "", "file": ""})
    while workspace.collections.count() < COLLECTIONS:
        Collection.objects.create(workspace=workspace, owner=owner, name=f"C{workspace.collections.count()}")
    values["asset_columns"], values["asset_selected"] = _copied(Asset, _PICTURE_DIFFERS, values)
    values |= {"collections": COLLECTIONS, "collection": _cases(workspace.collections.values_list("pk", flat=True))}
    with connection.cursor() as cursor:
        cursor.execute(_PICTURES.format(**values), [])
        for shift, every in ((0, 1), (1, 5)):
            cursor.execute(_FILED.format(**values, shift=shift, every=every), [])


def _copied(model: type[Model], differs: dict[str, str], values: dict[str, object]) -> tuple[str, str]:
    """The columns of a table, and what a copy of the pattern has in them."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    selected = (differs.get(name, f'pattern."{name}"').format(**values) for name in columns)
    return ", ".join(f'"{column}"' for column in columns), ", ".join(selected)


def settle_down() -> None:
    """Let the database look at what it has, as it does by itself some minutes after."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def count() -> int:
    return Entry.objects.count()


def _cases(values: object) -> str:
    return " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(values))  # type: ignore[arg-type]
