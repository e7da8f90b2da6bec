import type { Kysely } from 'kysely';

/** Repairs of extensions, which outlive a restart of the bot. */
export const repairs = {
  name: 'repairs',
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('repairs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('requested_at', 'bigint', (c) => c.notNull())
      .addColumn('is_open', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createIndex('repairs_open')
      .on('repairs')
      .columns(['is_open', 'requested_at'])
      .execute();
  },
};
