"""The database of a new studio, up to what its first twenty migrations had made of it.

They are gone; a studio that took them is known by their names, and goes on from here.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import studio.models.ids
import uuid
from django.conf import settings
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

    replaces = [('studio', '0001_initial'), ('studio', '0002_inputs'), ('studio', '0003_styles'), ('studio', '0004_twins'), ('studio', '0005_candidates'), ('studio', '0006_favorites'), ('studio', '0007_units'), ('studio', '0008_rollups'), ('studio', '0009_notices'), ('studio', '0010_prices'), ('studio', '0011_workspaces'), ('studio', '0012_gallery'), ('studio', '0013_asset_units'), ('studio', '0014_gallery_rows'), ('studio', '0015_search'), ('studio', '0016_acting'), ('studio', '0017_collections'), ('studio', '0018_shares'), ('studio', '0019_exports'), ('studio', '0020_boards')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Host',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('holder', models.CharField(max_length=80)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProviderAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sandbox', 'Sandbox'), ('recraft', 'Recraft')], max_length=10)),
                ('fingerprint', models.CharField(blank=True, max_length=16)),
                ('state', models.CharField(choices=[('active', 'Active'), ('paused', 'Paused')], default='active', max_length=10)),
                ('paused_reason', models.CharField(blank=True, max_length=200)),
                ('paused_at', models.DateTimeField(null=True)),
                ('balance', models.BigIntegerField(null=True)),
                ('balance_at', models.DateTimeField(null=True)),
                ('hold_until', models.DateTimeField(null=True)),
                ('virtual', models.BigIntegerField(default=0)),
                ('barrier_at', models.DateTimeField(null=True)),
                ('prices_version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'fingerprint'), name='provider_account_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused'])), name='provider_account_state')],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('balance', models.BigIntegerField()),
                ('drop', models.BigIntegerField(default=0)),
                ('explained', models.BigIntegerField(default=0)),
                ('billed', models.BigIntegerField(default=0)),
                ('external', models.BigIntegerField(default=0)),
                ('answers', models.PositiveIntegerField(default=0)),
                ('unknowns', models.PositiveIntegerField(default=0)),
                ('ledger', models.BigIntegerField()),
                ('taken_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkpoints', to='studio.provideraccount')),
            ],
            options={
                'indexes': [models.Index(fields=['provider_account', '-id'], name='checkpoint_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('drop', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('explained'), '+', models.F('billed')), '+', models.F('external')))), name='checkpoint_explained')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique')],
            },
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('served', models.BigIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='studio.provideraccount')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider_account', 'person'), name='turn_unique')],
            },
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_reason', models.CharField(blank=True, max_length=200)),
                ('new_pictures', models.CharField(choices=[('private', 'Private'), ('workspace', 'Workspace')], default='workspace', max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='FavoriteStyle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image_model', models.CharField(max_length=40)),
                ('style', models.CharField(max_length=60)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorite_styles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'image_model', 'style'), name='favorite_style_unique')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('runs', 'My runs ended while I was away'), ('answered', 'My request was answered'), ('budget', 'My own budget is nearly used up'), ('comment', 'A comment on my picture'), ('mention', 'Somebody mentions me'), ('asked', 'Somebody asks for units or approval'), ('alert', 'Budgets, balance, prices and pictures of the workspace')], max_length=10)),
                ('way', models.CharField(choices=[('off', 'Not at all'), ('studio', 'In the studio'), ('daily', 'And by mail, once a day'), ('mail', 'And by mail, at once')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='notice_preference_unique'), models.CheckConstraint(condition=models.Q(('way__in', ['off', 'studio', 'daily', 'mail'])), name='notice_preference_way')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(max_length=40)),
                ('image_model', models.CharField(blank=True, max_length=40)),
                ('units', models.PositiveIntegerField()),
                ('effective_from', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='studio.provideraccount')),
            ],
            options={
                'indexes': [models.Index(fields=['provider_account', 'id'], name='price_book')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='price_reason')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('provider', 'Provider'), ('workspace', 'Workspace'), ('person', 'Person'), ('loss', 'Loss'), ('external', 'External')], max_length=10)),
                ('contra', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.account')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to=settings.AUTH_USER_MODEL)),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='studio.provideraccount')),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='studio.workspace')),
                ('ceilings', models.JSONField(default=dict)),
                ('review_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('workspace', None)), fields=('provider_account', 'kind'), name='account_unique'), models.UniqueConstraint(condition=models.Q(('kind', 'workspace')), fields=('provider_account', 'workspace'), name='account_unique_workspace'), models.UniqueConstraint(condition=models.Q(('kind', 'person')), fields=('provider_account', 'workspace', 'person'), name='account_unique_person'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['provider', 'loss', 'external']), ('person', None), ('workspace', None)), models.Q(('kind', 'workspace'), ('person', None), ('workspace__isnull', False)), models.Q(('kind', 'person'), ('person__isnull', False), ('workspace__isnull', False)), _connector='OR'), name='account_owner')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('editor', 'Editor'), ('reviewer', 'Reviewer'), ('viewer', 'Viewer')], max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='studio.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'person'), name='membership_unique'), models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'admin', 'editor', 'reviewer', 'viewer'])), name='membership_role')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('editor', 'Editor'), ('reviewer', 'Reviewer'), ('viewer', 'Viewer')], default='editor', max_length=10)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='studio.workspace')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('send_at', models.DateTimeField(null=True)),
                ('send_tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='invitation_to_send')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('used_at', None), models.Q(('email', ''), _negated=True)), fields=('workspace', 'email'), name='invitation_address')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('values', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'person'), name='draft_unique')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', 'Budget'), ('balance', 'Low balance'), ('runs_out', 'Balance runs out'), ('paused', 'Provider paused'), ('drift', 'Price drift'), ('external', 'Unexplained spend'), ('at_risk', 'Pictures at risk'), ('stopped', 'Emergency stop')], max_length=10)),
                ('key', models.CharField(max_length=160)),
                ('text', models.CharField(max_length=400)),
                ('url', models.CharField(max_length=300)),
                ('details', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='alert_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'key'), name='alert_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['budget', 'balance', 'runs_out', 'paused', 'drift', 'external', 'at_risk', 'stopped'])), name='alert_kind')],
            },
        ),
        migrations.CreateModel(
            name='AlertSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low_balance', models.PositiveBigIntegerField(default=5000, null=True)),
                ('days_left', models.PositiveSmallIntegerField(default=7, null=True)),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='alert_settings', to='studio.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('runs', 'My runs ended while I was away'), ('answered', 'My request was answered'), ('budget', 'My own budget is nearly used up'), ('comment', 'A comment on my picture'), ('mention', 'Somebody mentions me'), ('asked', 'Somebody asks for units or approval'), ('alert', 'Budgets, balance, prices and pictures of the workspace')], max_length=10)),
                ('text', models.CharField(max_length=400)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('key', models.CharField(max_length=160)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(null=True)),
                ('mail_at', models.DateTimeField(null=True)),
                ('mail_tries', models.PositiveSmallIntegerField(default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='notice_list'), models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notice_unread'), models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at'], name='notice_to_mail')],
                'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='notice_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['runs', 'answered', 'budget', 'comment', 'mention', 'asked', 'alert'])), name='notice_kind')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('url', models.CharField(max_length=500)),
                ('salt', models.CharField(max_length=32)),
                ('key_id', models.CharField(max_length=16)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='studio.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Facet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facets', to='studio.workspace')),
                ('kind', models.CharField(max_length=20)),
                ('value', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'kind', 'value'), name='facet_unique')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(max_length=1000)),
                ('shared', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to='studio.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'person', 'name'), name='saved_search_unique')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('verb', models.CharField(max_length=20)),
                ('value', models.JSONField(null=True)),
                ('search', models.CharField(blank=True, max_length=2000)),
                ('picked', models.JSONField(null=True)),
                ('total', models.PositiveIntegerField(default=0)),
                ('at', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('refused', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone', to='studio.action')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='action_last'), models.Index(condition=models.Q(('state', 'waiting')), fields=['moved_at'], name='action_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'failed'])), name='action_state')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('copies', 'Copies'), ('sheet', 'Sheet')], default='copies', max_length=10)),
                ('label', models.CharField(max_length=120)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('failed', 'Failed'), ('gone', 'Gone')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('total', models.PositiveIntegerField(default=0)),
                ('at', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('written', models.PositiveBigIntegerField(default=0)),
                ('file', models.CharField(blank=True, max_length=160)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('media_type', models.CharField(blank=True, max_length=20)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='export_list'), models.Index(condition=models.Q(('state', 'waiting')), fields=['not_before'], name='export_waiting'), models.Index(condition=models.Q(('file', ''), _negated=True), fields=['expires_at'], name='export_kept')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'ready', 'failed', 'gone'])), name='export_state'), models.CheckConstraint(condition=models.Q(('kind__in', ['copies', 'sheet'])), name='export_kind')],
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('link_expires_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='board_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('token_hash', ''), _negated=True), fields=('token_hash',), name='board_link_unique')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window', models.CharField(choices=[('total', 'Total'), ('month', 'Month'), ('week', 'Week'), ('day', 'Day')], default='total', max_length=10)),
                ('window_key', models.CharField(blank=True, default='', max_length=20)),
                ('limit', models.BigIntegerField(null=True)),
                ('used', models.BigIntegerField(default=0)),
                ('held', models.BigIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budgets', to='studio.account')),
                ('ends_at', models.DateTimeField(null=True)),
                ('is_current', models.BooleanField(default=True)),
                ('soft_limit', models.BigIntegerField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'window', 'window_key'), name='budget_unique'), models.CheckConstraint(condition=models.Q(('held__gte', 0)), name='budget_held'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('account', 'window'), name='budget_current'), models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('is_current', True), ('starts_at', None), ('window', 'total')), models.Q(models.Q(('window', 'total'), _negated=True), ('starts_at__lt', models.F('ends_at'))), _connector='OR'), name='budget_period')],
            },
        ),
        migrations.CreateModel(
            name='Cap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('workspace', 'Everybody together'), ('member', 'Each member'), ('person', 'One person')], max_length=10)),
                ('window', models.CharField(choices=[('total', 'Total'), ('month', 'Month'), ('week', 'Week'), ('day', 'Day'), ('run', 'Run')], max_length=10)),
                ('operation', models.CharField(blank=True, max_length=40)),
                ('units', models.BigIntegerField(null=True)),
                ('soft', models.BooleanField(default=False)),
                ('until', models.DateTimeField(null=True)),
                ('raised', models.BigIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='raises', to='studio.account')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='caps', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='caps', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['workspace', 'id'], name='cap_in_force')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('scope__in', ['workspace', 'member'])), models.Q(('person__isnull', False), ('scope', 'person')), _connector='OR'), name='cap_person'), models.CheckConstraint(condition=models.Q(models.Q(('window', 'run'), models.Q(('scope', 'workspace'), _negated=True)), models.Q(models.Q(('window', 'run'), _negated=True), ('operation', '')), _connector='OR'), name='cap_run'), models.CheckConstraint(condition=models.Q(('units', None), ('units__gte', 0), _connector='OR'), name='cap_units'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('person', None), ('until', None)), fields=('workspace', 'scope', 'window', 'operation', 'soft'), name='cap_unique'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('person__isnull', False), ('until', None)), fields=('workspace', 'person', 'window', 'operation', 'soft'), name='cap_unique_person')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('zone', models.CharField(blank=True, max_length=64)),
                ('operation', models.CharField(blank=True, max_length=40)),
                ('image_model', models.CharField(blank=True, max_length=40)),
                ('style', models.TextField(blank=True)),
                ('spent', models.BigIntegerField(default=0)),
                ('back', models.BigIntegerField(default=0)),
                ('pictures', models.BigIntegerField(default=0)),
                ('drifted', models.BigIntegerField(default=0)),
                ('quoted', models.BigIntegerField(default=0)),
                ('charged', models.BigIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='studio.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'since', 'zone', 'operation', 'image_model', 'style'), name='tally_unique')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('given_up', 'Given Up')], default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='studio.alert')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='studio.webhook')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='delivery_due'), models.Index(fields=['webhook', '-id'], name='delivery_list')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'alert'), name='delivery_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'given_up'])), name='delivery_state')],
            },
        ),
        migrations.CreateModel(
            name='FacetCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='studio.facet')),
                ('scope', models.PositiveBigIntegerField()),
                ('pictures', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('facet', 'scope'), name='facet_count_unique')],
            },
        ),
        migrations.CreateModel(
            name='Voter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=60)),
                ('seed', models.PositiveBigIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voters', to='studio.board')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('board', 'person'), name='board_voter_unique')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('operation', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('image_model', models.CharField(blank=True, max_length=40)),
                ('images', models.PositiveSmallIntegerField(default=1)),
                ('key', models.CharField(max_length=64)),
                ('fingerprint', models.CharField(max_length=64)),
                ('quoted_units', models.PositiveIntegerField()),
                ('charged_units', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('held', 'Held'), ('queued', 'Queued'), ('running', 'Running'), ('saving', 'Saving'), ('done', 'Done'), ('partial', 'Partial'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('canceled', 'Canceled'), ('expired', 'Expired'), ('lost', 'Lost')], default='queued', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('started_at', models.DateTimeField(null=True)),
                ('canceled_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='studio.provideraccount')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='studio.workspace')),
                ('name', models.CharField(blank=True, max_length=60)),
                ('twin', models.CharField(blank=True, max_length=64)),
                ('approved_at', models.DateTimeField(null=True)),
                ('visibility', models.CharField(choices=[('private', 'Private'), ('workspace', 'Workspace')], default='workspace', max_length=10)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='job_feed'), models.Index(fields=['workspace', 'person', '-id'], name='job_feed_mine'), models.Index(condition=models.Q(('state', 'queued')), fields=['provider_account', 'person', 'id'], name='job_turns'), models.Index(condition=models.Q(('state__in', ['held', 'queued', 'running', 'saving', 'unknown'])), fields=['state', 'id'], name='job_open'), models.Index(condition=models.Q(('state', 'done')), fields=['workspace', 'twin'], name='job_twins'), models.Index(condition=models.Q(('ended_at', None)), fields=['workspace', 'person'], name='job_under_way'), models.Index(condition=models.Q(('state', 'lost')), fields=['workspace'], name='job_lost'), models.Index(condition=models.Q(('visibility', 'workspace')), fields=['workspace', '-id'], name='job_shared')],
                'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='job_key_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['held', 'queued', 'running', 'saving', 'done', 'partial', 'failed', 'unknown', 'canceled', 'expired', 'lost'])), name='job_state'), models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'workspace'])), name='job_visibility')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('sending', 'Sending'), ('succeeded', 'Succeeded'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('resolved_unbilled', 'Resolved Unbilled'), ('resolved_billed', 'Resolved Billed')], default='sending', max_length=20)),
                ('images', models.PositiveSmallIntegerField()),
                ('claimed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('units', models.PositiveIntegerField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('error', models.CharField(blank=True, max_length=40)),
                ('error_text', models.TextField(blank=True)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='studio.host')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='studio.job')),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='studio.provideraccount')),
                ('checkpoint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='studio.checkpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['provider_account', '-claimed_at'], name='attempt_window'), models.Index(condition=models.Q(('state', 'sending')), fields=['host'], name='attempt_sending'), models.Index(condition=models.Q(('checkpoint', None), ('state__in', ['sending', 'succeeded', 'unknown'])), fields=['provider_account', 'state'], name='attempt_to_explain'), models.Index(condition=models.Q(('error', ''), _negated=True), fields=['provider_account', 'claimed_at'], name='attempt_failed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['sending', 'succeeded', 'unknown'])), fields=('job',), name='attempt_one_live'), models.CheckConstraint(condition=models.Q(('state__in', ['sending', 'succeeded', 'failed', 'unknown', 'resolved_unbilled', 'resolved_billed'])), name='attempt_state')],
            },
        ),
        migrations.CreateModel(
            name='CustomStyle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('style_id', models.CharField(max_length=36)),
                ('name', models.CharField(max_length=60)),
                ('image_model', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('deleted_at', models.DateTimeField(null=True)),
                ('forgotten_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='made_style', to='studio.job')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='styles', to=settings.AUTH_USER_MODEL)),
                ('provider_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='styles', to='studio.provideraccount')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='styles', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['workspace', '-id'], name='custom_style_shelf')],
                'constraints': [models.UniqueConstraint(fields=('provider_account', 'style_id'), name='custom_style_unique')],
            },
        ),
        migrations.CreateModel(
            name='UnitsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('scope', models.CharField(choices=[('workspace', 'Everybody together'), ('member', 'Each member'), ('person', 'One person')], default='person', max_length=10)),
                ('window', models.CharField(choices=[('total', 'Total'), ('month', 'Month'), ('week', 'Week'), ('day', 'Day'), ('run', 'Run')], default='total', max_length=10)),
                ('operation', models.CharField(blank=True, max_length=40)),
                ('units', models.PositiveBigIntegerField()),
                ('words', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('open', 'Open'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='studio.job')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='request_inbox')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'approved', 'declined', 'withdrawn'])), name='request_state')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reserve', 'Reserve'), ('charge', 'Charge'), ('release', 'Release'), ('grant', 'Grant'), ('adjust', 'Adjust'), ('loss', 'Loss'), ('external', 'External'), ('carry', 'Carry')], max_length=10)),
                ('units', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='studio.account')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='studio.attempt')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='studio.budget')),
                ('closes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed_by', to='studio.entry')),
                ('contra', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.account')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='studio.job')),
            ],
            options={
                'indexes': [models.Index(fields=['budget', 'id'], name='entry_budget'), models.Index(fields=['job', 'kind'], name='entry_job'), models.Index(condition=models.Q(('actor__isnull', False)), fields=['account', '-id'], name='entry_by_hand')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', False), ('kind__in', ['charge', 'release'])), models.Q(models.Q(('kind__in', ['charge', 'release']), _negated=True), ('closes', None)), _connector='OR'), name='entry_closes'), models.CheckConstraint(condition=models.Q(('units__gte', 0), ('kind__in', ['grant', 'adjust', 'loss', 'external', 'carry']), _connector='OR'), name='entry_units'), models.CheckConstraint(condition=models.Q(('kind__in', ['reserve', 'charge', 'release']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='entry_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'adjust'), _negated=True), ('actor__isnull', False), _connector='OR'), name='entry_actor')],
            },
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveSmallIntegerField()),
                ('image_id', models.CharField(max_length=64)),
                ('url', models.TextField()),
                ('url_deadline', models.DateTimeField()),
                ('units', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('saving', 'Saving'), ('done', 'Done'), ('lost', 'Lost')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('gone_tries', models.PositiveSmallIntegerField(default=0)),
                ('bad_tries', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lease_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='studio.attempt')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='studio.job')),
            ],
            options={
                'indexes': [models.Index(fields=['job', 'index'], name='result_slots'), models.Index(fields=['image_id'], name='result_image'), models.Index(condition=models.Q(('state', 'waiting'), ('state', 'saving'), _connector='OR'), fields=['url_deadline'], name='result_open')],
                'constraints': [models.UniqueConstraint(fields=('attempt', 'index'), name='result_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'saving', 'done', 'lost'])), name='result_state')],
            },
        ),
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('state', models.CharField(choices=[('stored', 'Stored'), ('trashed', 'Trashed'), ('purged', 'Purged')], default='stored', max_length=10)),
                ('media_type', models.CharField(max_length=20)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.CharField(max_length=160)),
                ('placeholder', models.TextField(blank=True)),
                ('colors', models.JSONField(default=list)),
                ('render_tries', models.PositiveSmallIntegerField(default=0)),
                ('rendered_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='studio.job')),
                ('result', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asset', to='studio.result')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='studio.workspace')),
                ('kind', models.CharField(choices=[('drawn', 'Drawn'), ('upload', 'Upload'), ('mask', 'Mask')], default='drawn', max_length=10)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('discarded', 'Discarded')], default='open', max_length=10)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exported_at', models.DateTimeField(null=True)),
                ('given_title', models.CharField(blank=True, max_length=120)),
                ('note', models.TextField(blank=True)),
                ('phash', models.BigIntegerField(null=True)),
                ('rating', models.PositiveSmallIntegerField(default=0)),
                ('tags', models.JSONField(default=list)),
                ('trashed_at', models.DateTimeField(null=True)),
                ('trashed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('units', models.PositiveIntegerField(default=0)),
                ('visibility', models.CharField(choices=[('private', 'Private'), ('workspace', 'Workspace')], default='workspace', max_length=10)),
                ('indexed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'stored')), fields=['workspace', '-id'], name='asset_gallery'), models.Index(condition=models.Q(('state', 'stored')), fields=['workspace', 'person', '-id'], name='asset_mine'), models.Index(condition=models.Q(('rendered_at', None)), fields=['id'], name='asset_unrendered'), models.Index(condition=models.Q(('kind', 'upload')), fields=['workspace', 'sha256'], name='asset_uploaded'), models.Index(condition=models.Q(('state', 'stored'), ('visibility', 'workspace')), fields=['workspace', '-id'], name='asset_shared'), models.Index(condition=models.Q(('state', 'stored'), ('visibility', 'private')), fields=['workspace', 'person', '-id'], name='asset_private'), models.Index(condition=models.Q(('state', 'trashed')), fields=['trashed_at'], name='asset_trashed'), models.Index(condition=models.Q(('indexed_at', None)), fields=['id'], name='asset_unindexed'), models.Index(condition=models.Q(('phash', None), ('rendered_at__isnull', False), ('state', 'stored'), models.Q(('kind', 'mask'), _negated=True)), fields=['id'], name='asset_unhashed'), models.Index(fields=['sha256'], name='asset_content')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['stored', 'trashed', 'purged'])), name='asset_state'), models.CheckConstraint(condition=models.Q(('kind__in', ['drawn', 'upload', 'mask'])), name='asset_kind'), models.CheckConstraint(condition=models.Q(('decision__in', ['open', 'accepted', 'discarded'])), name='asset_decision'), models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'workspace'])), name='asset_visibility'), models.CheckConstraint(condition=models.Q(('rating__lte', 5)), name='asset_rating')],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=10)),
                ('media_type', models.CharField(max_length=20)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('file', models.CharField(max_length=160)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='studio.asset')),
            ],
            options={
                'indexes': [models.Index(fields=['file'], name='rendition_file')],
                'constraints': [models.UniqueConstraint(fields=('asset', 'name'), name='rendition_unique')],
            },
        ),
        migrations.CreateModel(
            name='JobInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('param', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_in', to='studio.asset')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inputs', to='studio.job')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'param', 'position'), name='job_input_unique')],
            },
        ),
        migrations.CreateModel(
            name='AssetFacet',
            fields=[
                ('facet', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.facet')),
                ('scope', models.PositiveBigIntegerField()),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facet_rows', to='studio.asset')),
                ('pk', models.CompositePrimaryKey('facet_id', 'scope', 'asset_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='AssetText',
            fields=[
                ('asset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text', serialize=False, to='studio.asset')),
                ('place', models.CharField(max_length=60)),
                ('body', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='AssetEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=20)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('action', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='studio.action')),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='studio.asset')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['asset', '-id'], name='asset_event_log')],
                'constraints': [models.UniqueConstraint(fields=('action', 'asset'), name='asset_event_unique')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('text', models.TextField(max_length=2000)),
                ('x', models.FloatField(null=True)),
                ('y', models.FloatField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('edited_at', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='studio.asset')),
                ('mentions', models.ManyToManyField(related_name='mentioned_in', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['asset', 'id'], name='comment_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('x', None), ('y', None)), models.Q(('x__gte', 0), ('x__lte', 1), ('y__gte', 0), ('y__lte', 1)), _connector='OR'), name='comment_pin')],
            },
        ),
        migrations.CreateModel(
            name='Favorite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorites', to='studio.asset')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorites', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'asset'), name='favorite_unique')],
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('description', models.TextField(blank=True)),
                ('visibility', models.CharField(choices=[('private', 'Private'), ('workspace', 'Workspace')], default='workspace', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cover', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.asset')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='studio.collection')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collections', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='collection_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'workspace'])), name='collection_visibility')],
            },
        ),
        migrations.CreateModel(
            name='ExportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('left_out', 'Left Out')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('offset', models.PositiveBigIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('packed', models.PositiveBigIntegerField(default=0)),
                ('crc', models.PositiveBigIntegerField(default=0)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.asset')),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='studio.export')),
            ],
            options={
                'indexes': [models.Index(fields=['export', 'state', 'position'], name='export_item_next')],
                'constraints': [models.UniqueConstraint(fields=('export', 'position'), name='export_item_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'left_out'])), name='export_item_state')],
            },
        ),
        migrations.CreateModel(
            name='BoardItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.asset')),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='studio.board')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('board', 'asset'), name='board_item_unique')],
            },
        ),
        migrations.CreateModel(
            name='CollectionMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='studio.collection')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('collection', 'person'), name='collection_member_unique')],
            },
        ),
        migrations.CreateModel(
            name='CollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.BigIntegerField()),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collection_items', to='studio.asset')),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='studio.collection')),
            ],
            options={
                'indexes': [models.Index(fields=['collection', 'place', 'id'], name='collection_order')],
                'constraints': [models.UniqueConstraint(fields=('collection', 'asset'), name='collection_item_unique')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=studio.models.ids.new_public_id, editable=False, max_length=16, unique=True)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('largest', models.CharField(choices=[('tile', 'Small, 512 pixels'), ('preview', 'Medium, 1280 pixels'), ('original', 'The original file')], default='preview', max_length=10)),
                ('may_download', models.BooleanField(default=False)),
                ('tells_words', models.BooleanField(default=False)),
                ('tells_people', models.BooleanField(default=False)),
                ('views', models.PositiveIntegerField(default=0)),
                ('viewed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('collection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='studio.collection')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='studio.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', '-id'], name='share_list'), models.Index(fields=['person', '-id'], name='share_mine')],
                'constraints': [models.CheckConstraint(condition=models.Q(('largest__in', ['tile', 'preview', 'original'])), name='share_largest'), models.CheckConstraint(condition=models.Q(('may_download', True), models.Q(('largest', 'original'), _negated=True), _connector='OR'), name='share_original')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('high', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.boarditem')),
                ('low', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.boarditem')),
                ('winner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='wins', to='studio.boarditem')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='studio.voter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('voter', 'low', 'high'), name='vote_unique'), models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='vote_order'), models.CheckConstraint(condition=models.Q(('winner', None), ('winner', models.F('low')), ('winner', models.F('high')), _connector='OR'), name='vote_winner')],
            },
        ),
        migrations.CreateModel(
            name='ShareItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.BigIntegerField()),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.asset')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_items', to='studio.share')),
            ],
            options={
                'indexes': [models.Index(fields=['share', 'place', 'id'], name='share_order')],
                'constraints': [models.UniqueConstraint(fields=('share', 'asset'), name='share_item_unique')],
            },
        ),
        migrations.AddField(
            model_name='User',
            name='last_workspace',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.workspace'),
        ),
        migrations.AddField(
            model_name='Workspace',
            name='members',
            field=models.ManyToManyField(related_name='workspaces', through='studio.Membership', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='Job',
            name='style',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='studio.customstyle'),
        ),
        migrations.AddField(
            model_name='Collection',
            name='members',
            field=models.ManyToManyField(related_name='+', through='studio.CollectionMember', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(without_rowid, migrations.RunPython.noop),
        migrations.RunPython(index_words, migrations.RunPython.noop),
    ]
