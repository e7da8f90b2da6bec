import type { Kysely } from 'kysely';

/** Who is away, and whom a lead put on duty, by calendar day. */
export const absences = {
  name: 'absences',
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('absences')
      .addColumn('person', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('stand_in', 'text')
      .addPrimaryKeyConstraint('absences_pk', ['person', 'day'])
      .execute();
    await schema.createIndex('absences_by_day').on('absences').column('day').execute();
    await schema
      .createTable('duties')
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('person', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('duties_pk', ['site', 'day'])
      .execute();
    await schema.createIndex('duties_by_day').on('duties').column('day').execute();
  },
};
