"""engine"""

import sqlalchemy as sa
from alembic import op

import portal.tables.columns

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('timeline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('calendar_id', sa.Integer(), nullable=True),
    sa.Column('graph_id', sa.String(length=512), nullable=True),
    sa.Column('original_day', sa.Date(), nullable=True),
    sa.Column('side', sa.String(length=12), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('why', sa.String(length=64), nullable=True),
    sa.Column('request_id', sa.String(length=80), nullable=True),
    sa.Column('next_at', portal.tables.columns.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timeline'))
    )
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index('ix_timeline_at', ['at'], unique=False)
        batch_op.create_index('ix_timeline_event', ['calendar_id', 'graph_id', 'id'], unique=False)
        batch_op.create_index('ix_timeline_meeting', ['meeting_id', 'id'], unique=False)

    op.create_table('meeting_exceptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('original_day', sa.Date(), nullable=False),
    sa.Column('cancelled', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=True),
    sa.Column('starts_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('ends_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('location', sa.String(length=255), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_meeting_exceptions_meeting_id_meetings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_exceptions')),
    sa.UniqueConstraint('meeting_id', 'original_day', name=op.f('uq_meeting_exceptions_meeting_id_original_day'))
    )
    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('connection_id', sa.Integer(), nullable=False),
    sa.Column('graph_id', sa.String(length=512), nullable=False),
    sa.Column('due_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name=op.f('fk_notices_connection_id_connections')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('connection_id', 'graph_id', name=op.f('uq_notices_connection_id_graph_id'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_due_at'), ['due_at'], unique=False)

    op.create_table('subscriptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('connection_id', sa.Integer(), nullable=False),
    sa.Column('graph_id', sa.String(length=64), nullable=True),
    sa.Column('client_state', portal.tables.columns.Sealed(), nullable=False),
    sa.Column('address', sa.String(length=255), nullable=False),
    sa.Column('expires_at', portal.tables.columns.Instant(), nullable=True),
    sa.Column('renew_at', portal.tables.columns.Instant(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.Column('heard_at', portal.tables.columns.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name=op.f('fk_subscriptions_connection_id_connections')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions')),
    sa.UniqueConstraint('connection_id', name=op.f('uq_subscriptions_connection_id'))
    )
    with op.batch_alter_table('subscriptions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscriptions_graph_id'), ['graph_id'], unique=False)

    op.create_table('held_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('graph_id', sa.String(length=512), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('since', portal.tables.columns.Instant(), nullable=False),
    sa.Column('ask_at', portal.tables.columns.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendars.id'], name=op.f('fk_held_events_calendar_id_calendars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_events')),
    sa.UniqueConstraint('calendar_id', 'graph_id', name=op.f('uq_held_events_calendar_id_graph_id'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('epoch', sa.Integer(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('restored_at', portal.tables.columns.Instant(), nullable=True))

    with op.batch_alter_table('calendars', schema=None) as batch_op:
        batch_op.add_column(sa.Column('compared_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('held_until', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('held_code', sa.String(length=64), nullable=True))

    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('made_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('after_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_changes_made_by_people'), 'people', ['made_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_changes_after_id_changes'), 'changes', ['after_id'], ['id'])

    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('original_day', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('taken_back_at', portal.tables.columns.Instant(), nullable=True))

    with op.batch_alter_table('connections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('only_reads_why', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('only_reads_since', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('dry_run', sa.Boolean(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('paused_by', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('paused_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('resumed_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('cause_kind', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('backfill_paused', sa.Boolean(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('adopts', sa.Boolean(), nullable=False, server_default=sa.text('1')))
        batch_op.add_column(sa.Column('sync_version', sa.String(length=4), nullable=False, server_default=sa.text("'2.0'")))
        batch_op.add_column(sa.Column('covered', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('first_answer_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('held_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('offered_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('released', sa.Integer(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('released_at', portal.tables.columns.Instant(), nullable=True))

    with op.batch_alter_table('consent_requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', portal.tables.columns.Sealed(), nullable=True))
        batch_op.add_column(sa.Column('attempts', sa.Integer(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('try_at', portal.tables.columns.Instant(), nullable=True))

    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unknown_zone', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('considered_key', sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column('response_requested', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('left_why', sa.String(length=24), nullable=True))
        batch_op.create_index('ix_events_unconsidered', ['calendar_id', 'kind', 'ends_at'], unique=False, sqlite_where=sa.text("is_organizer = 1 AND considered_key IS NOT change_key"))

    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.add_column(sa.Column('exceptions', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column('series_due', sa.Boolean(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('checked_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('gone_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('vanished', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column('writes', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column('frozen_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.create_index(batch_op.f('ix_links_ical_uid'), ['ical_uid'], unique=False)

    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recurrence', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('family', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('adopted_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('last_ends_at', portal.tables.columns.Instant(), nullable=True))
    op.execute("UPDATE meetings SET last_ends_at = ends_at")

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('approval_asked_at', portal.tables.columns.Instant(), nullable=True))

    with op.batch_alter_table('windows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('compared_at', portal.tables.columns.Instant(), nullable=True))
        batch_op.add_column(sa.Column('last_page', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('failures', sa.Integer(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('by_list', sa.Boolean(), nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('held_code', sa.String(length=64), nullable=True))


    op.execute('UPDATE connections SET first_answer_at = connected_at')
