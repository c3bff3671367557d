"""administration"""

import hashlib
import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

import portal.tables.columns

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_key', sa.String(length=255), nullable=False),
    sa.Column('created_at', portal.tables.columns.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_groups')),
    sa.UniqueConstraint('name_key', name=op.f('uq_groups_name_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paused_at', portal.tables.columns.Instant(), nullable=True))

    op.create_table('job_runs',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('began_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('ended_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('next_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job_runs'))
    )
    op.create_table('checkups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('seen_as', sa.String(length=255), nullable=False),
    sa.Column('began_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('ended_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkups'))
    )
    op.create_table('mail_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('security', sa.String(length=12), nullable=False),
    sa.Column('username', sa.String(length=255), nullable=False),
    sa.Column('password', portal.tables.columns.Sealed(), nullable=True),
    sa.Column('sender', sa.String(length=254), nullable=False),
    sa.Column('changed_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('tested_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_settings'))
    )
    op.create_table('sign_in_providers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('client_id', sa.String(length=255), nullable=False),
    sa.Column('client_secret', portal.tables.columns.Sealed(), nullable=True),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('creates_people', sa.Boolean(), nullable=False),
    sa.Column('allowed_domains', sa.JSON(), nullable=False),
    sa.Column('allowed_tenants', sa.JSON(), nullable=False),
    sa.Column('role_claim', sa.String(length=64), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('group_claim', sa.String(length=64), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('changed_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('worked_at', portal.tables.columns.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_providers'))
    )
    op.create_table('sign_in_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', portal.tables.columns.Sealed(), nullable=False),
    sa.Column('verifier', portal.tables.columns.Sealed(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('goes_to', sa.String(length=255), nullable=False),
    sa.Column('anew', sa.Boolean(), nullable=False),
    sa.Column('created_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('used_at', portal.tables.columns.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_in_requests_person_id_people')),
    sa.ForeignKeyConstraint(['provider_id'], ['sign_in_providers.id'], name=op.f('fk_sign_in_requests_provider_id_sign_in_providers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_requests')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_sign_in_requests_state_hash'))
    )
    op.create_table('application_access',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('narrowing', sa.String(length=12), nullable=False),
    sa.Column('mail_group', sa.String(length=254), nullable=False),
    sa.Column('authorized_by', sa.Integer(), nullable=True),
    sa.Column('authorized_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('reached', sa.String(length=254), nullable=False),
    sa.Column('refused', sa.String(length=254), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('probed_at', portal.tables.columns.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_application_access_group_id_groups')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_access')),
    sa.UniqueConstraint('group_id', name=op.f('uq_application_access_group_id'))
    )
    op.create_table('enrolments',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('looked_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('look_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=True),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.Column('replaces', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_enrolments_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_enrolments'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('expires_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('used_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('withdrawn_at', portal.tables.columns.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_invitations_group_id_groups')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_invitations_made_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_table('memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('joined_at', portal.tables.columns.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_memberships_group_id_groups')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_memberships_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('group_id', 'person_id', name=op.f('uq_memberships_group_id_person_id'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memberships_person_id'), ['person_id'], unique=False)

    op.create_table('outgoing_mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('once', sa.String(length=80), nullable=False),
    sa.Column('created_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('due_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('sent_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_outgoing_mails_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mails')),
    sa.UniqueConstraint('once', name=op.f('uq_outgoing_mails_once'))
    )
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_mails_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in_identities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=255), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('created_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('used_at', portal.tables.columns.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_in_identities_person_id_people')),
    sa.ForeignKeyConstraint(['provider_id'], ['sign_in_providers.id'], name=op.f('fk_sign_in_identities_provider_id_sign_in_providers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_identities')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_sign_in_identities_issuer_subject'))
    )
    with op.batch_alter_table('sign_in_identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_identities_person_id'), ['person_id'], unique=False)

    op.create_table('admin_consent_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('created_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('used_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('waits_until', portal.tables.columns.Instant(), nullable=True),
    sa.Column('try_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_admin_consent_requests_group_id_groups')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_admin_consent_requests_person_id_people')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_admin_consent_requests_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admin_consent_requests')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_admin_consent_requests_state_hash'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('hash', sa.String(length=64), nullable=False, server_default=sa.text("''")))
        batch_op.drop_constraint(batch_op.f('fk_audit_person_id_people'), type_='foreignkey')
        for column in ('person_id', 'act', 'subject'):
            batch_op.create_index(batch_op.f(f'ix_audit_{column}'), [column], unique=False)

    with op.batch_alter_table('connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mode', sa.String(length=12), nullable=False, server_default=sa.text("'oauth'")))
        batch_op.add_column(sa.Column('cut_off_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('cut_off_why', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('one_way', sa.Boolean(), nullable=False, server_default=sa.text('0')))

    with op.batch_alter_table('people', schema=None, recreate='always', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('primary_group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('prompts', sa.Integer(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('prompted_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('prompt_answer', sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_people_primary_group_id_groups'), 'groups', ['primary_group_id'], ['id'])

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provider_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('proved_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_sessions_provider_id_sign_in_providers'), 'sign_in_providers', ['provider_id'], ['id'])

    with op.batch_alter_table('settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('locked_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('locked_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('lock_reason', sa.String(length=255), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_settings_key'), type_='unique')
        batch_op.create_index('uq_settings_account', ['key'], unique=True, sqlite_where=sa.text('group_id IS NULL AND person_id IS NULL'))
        batch_op.create_index('uq_settings_group', ['group_id', 'key'], unique=True)
        batch_op.create_index('uq_settings_person', ['person_id', 'key'], unique=True)
        batch_op.create_foreign_key(batch_op.f('fk_settings_person_id_people'), 'people', ['person_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('fk_settings_set_by_people'), type_='foreignkey')
        batch_op.create_foreign_key(batch_op.f('fk_settings_group_id_groups'), 'groups', ['group_id'], ['id'])

    _seal_audit()

    # Last, as a batch operation on the table would drop them without a word.
    for act in ('UPDATE', 'DELETE'):
        op.execute(
            f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _seal_audit() -> None:
    """Rows from before get their place in the chain, by the rule of this release."""
    bind, seal, sealed = op.get_bind(), '', []
    rows = bind.execute(sa.text(
        'SELECT id, at, person_id, act, subject, before, after FROM audit ORDER BY id'
    )).all()
    for row in rows:
        at = datetime.fromisoformat(row.at).isoformat(timespec='microseconds')
        # SQLite keeps the JSON of a bare number as a number.
        sides = [json.loads(one) if isinstance(one, str) else one for one in (row.before, row.after)]
        said = [seal, at, row.person_id, row.act, row.subject, None, *sides]
        text = json.dumps(said, sort_keys=True, separators=(',', ':'))
        seal = hashlib.sha256(text.encode()).hexdigest()
        sealed.append({'id': row.id, 'hash': seal})
    if sealed:
        bind.execute(sa.text('UPDATE audit SET hash = :hash WHERE id = :id'), sealed)
