import { type Kysely, sql } from 'kysely';

/** Every table of the first release. */
export const first = {
  name: 'first',
  async up(db: Kysely<unknown>): Promise<void> {
    const { schema } = db;
    await schema
      .createTable('counters')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'bigint', (c) => c.notNull())
      .execute();
    await schema
      .createTable('settings')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
    await rollOutTables(db);
    await evidenceTables(db);
    await signInTables(db);
    await kitTables(db);
    await cardTables(db);
    await otherTables(db);
  },
};

async function rollOutTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('profiles')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('sites')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('machines')
    .addColumn('machine', 'text', (c) => c.primaryKey())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('site', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('people')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('learned_object_id', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}

async function evidenceTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('marks')
    .addColumn('machine', 'text', (c) => c.primaryKey())
    .addColumn('enrolled_at', 'bigint')
    .addColumn('powered_on_at', 'bigint')
    .addColumn('shipped_at', 'bigint')
    .addColumn('arrived_at', 'bigint')
    .addColumn('replaced_at', 'bigint')
    .addColumn('retired_at', 'bigint')
    .addColumn('done_at', 'bigint')
    .execute();
  await schema
    .createTable('checks')
    .addColumn('machine', 'text', (c) => c.primaryKey())
    .addColumn('checked_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('data_seen')
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('extension', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('data_seen_key', ['machine', 'extension'])
    .execute();
  await schema
    .createTable('azure_machines')
    .addColumn('resource', 'text', (c) => c.primaryKey())
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('azure_machines_by_name')
    .on('azure_machines')
    .column('machine')
    .execute();
  // Beside the bodies, so that moving the age of a whole fleet does not rewrite them.
  await schema
    .createTable('azure_seen')
    .addColumn('resource', 'text', (c) =>
      c.primaryKey().references('azure_machines.resource').onDelete('cascade'),
    )
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .execute();
}

async function signInTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('sign_ins')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('is_open', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('sign_ins_one_open')
    .unique()
    .on('sign_ins')
    .column('machine')
    .where(sql.ref('is_open'), '=', sql.lit(1))
    .execute();
  await schema
    .createIndex('sign_ins_by_machine')
    .on('sign_ins')
    .columns(['machine', 'opened_at'])
    .execute();
  await schema
    .createTable('codes_seen')
    .addColumn('mac', 'text', (c) => c.notNull())
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('machine_name', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('codes_seen_key', ['mac', 'machine'])
    .execute();
}

async function kitTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('kit_keys')
    .addColumn('kid', 'text', (c) => c.primaryKey())
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('enrolled_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('kit_keys_by_machine').on('kit_keys').column('machine').execute();
  await schema.createIndex('kit_keys_by_public_key').on('kit_keys').column('public_key').execute();
  await schema
    .createTable('kit_tokens')
    .addColumn('sha256', 'text', (c) => c.primaryKey())
    .addColumn('machine', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('kit_requests')
    .addColumn('kid', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('forget_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('kit_requests_key', ['kid', 'id', 'seq'])
    .execute();
  await schema
    .createIndex('kit_requests_by_seq')
    .on('kit_requests')
    .columns(['kid', 'seq'])
    .execute();
  await schema
    .createIndex('kit_requests_to_forget')
    .on('kit_requests')
    .column('forget_at')
    .execute();
}

async function cardTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('cards')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('ordinal', 'bigint', (c) => c.notNull())
    .addColumn('audience_key', 'text', (c) => c.notNull())
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('notice', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('posted_revision', 'integer')
    .addColumn('conversation_id', 'text')
    .addColumn('activity_id', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('posted_at', 'bigint')
    .addColumn('frozen', 'integer', (c) => c.notNull())
    .addColumn('delivery', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('cards_by_audience')
    .on('cards')
    .columns(['audience_key', 'created_at', 'ordinal'])
    .execute();
  await schema
    .createTable('used_nonces')
    .addColumn('nonce', 'text', (c) => c.primaryKey())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('button', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('used_at', 'bigint', (c) => c.notNull())
    .addColumn('answer', 'text')
    .execute();
  await schema
    .createTable('outbox')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('card', 'text', (c) => c.notNull().references('cards.id'))
    .addColumn('audience_key', 'text', (c) => c.notNull())
    .addColumn('op', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('enqueued_at', 'bigint', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('lease_until', 'bigint')
    .addColumn('held', 'integer', (c) => c.notNull())
    .addColumn('ambiguous', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('outbox_by_audience')
    .on('outbox')
    .columns(['audience_key', 'id'])
    .execute();
  await schema.createIndex('outbox_by_card').on('outbox').column('card').execute();
  await schema
    .createTable('dead_letters')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('op', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('enqueued_at', 'bigint', (c) => c.notNull())
    .addColumn('given_up_at', 'bigint', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .execute();
}

async function otherTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('alerts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('is_open', 'integer', (c) => c.notNull())
    .addColumn('raised_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('alerts_one_open')
    .unique()
    .on('alerts')
    .column('key')
    .where(sql.ref('is_open'), '=', sql.lit(1))
    .execute();
  await schema.createIndex('alerts_by_card').on('alerts').column('card').execute();
  await schema
    .createTable('conversations')
    .addColumn('conversation_id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('person', 'text')
    .addColumn('team_id', 'text')
    .addColumn('service_url', 'text', (c) => c.notNull())
    .addColumn('reference', 'text', (c) => c.notNull())
    .addColumn('first_learned_at', 'bigint', (c) => c.notNull())
    .addColumn('learned_at', 'bigint', (c) => c.notNull())
    .addColumn('suspended', 'text')
    .execute();
  await schema
    .createIndex('conversations_by_person')
    .on('conversations')
    .column('person')
    .execute();
  await schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('by', 'text')
    .addColumn('site', 'text')
    .addColumn('machine', 'text')
    .addColumn('machine_name', 'text')
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('audit_by_site').on('audit').columns(['site', 'seq']).execute();
  await schema.createIndex('audit_by_machine').on('audit').columns(['machine', 'seq']).execute();
  await schema
    .createTable('timers')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('timers_key', ['kind', 'subject'])
    .execute();
  await schema.createIndex('timers_by_due').on('timers').column('due_at').execute();
}
