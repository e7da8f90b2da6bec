import type { PersonKey } from '../core/ids.ts';
import type { ConversationReads, ConversationWrites, KeptConversation } from '../core/ports.ts';
import type { Db } from './engine.ts';
import { toDate } from './rows.ts';
import type { Schema } from './schema.ts';
import { Settings } from './settings.ts';

const ALERT_CHANNEL = 'alert-channel';

export class Conversations implements ConversationReads, ConversationWrites {
  readonly #db: Db;
  readonly #settings: Settings;

  constructor(db: Db) {
    this.#db = db;
    this.#settings = new Settings(db);
  }

  async get(conversationId: string): Promise<KeptConversation | undefined> {
    const row = await this.#db
      .selectFrom('conversations')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .executeTakeFirst();
    return row && toConversation(row);
  }

  async personal(person: PersonKey): Promise<KeptConversation | undefined> {
    const row = await this.#db
      .selectFrom('conversations')
      .selectAll()
      .where('person', '=', person)
      .where('kind', '=', 'personal')
      .executeTakeFirst();
    return row && toConversation(row);
  }

  async alertChannel(): Promise<KeptConversation | undefined> {
    const chosen = await this.#settings.get(ALERT_CHANNEL);
    const kept = chosen === undefined ? undefined : await this.get(chosen);
    if (kept) return kept;
    const channels = await this.#db
      .selectFrom('conversations')
      .selectAll()
      .where('kind', '=', 'channel')
      .orderBy('first_learned_at')
      .orderBy('conversation_id')
      .execute();
    // The General channel bears the id of its team.
    const general = channels.find((row) => row.conversation_id === row.team_id);
    const row = general ?? channels[0];
    return row && toConversation(row);
  }

  async list(): Promise<readonly KeptConversation[]> {
    const rows = await this.#db
      .selectFrom('conversations')
      .selectAll()
      .orderBy('first_learned_at')
      .orderBy('conversation_id')
      .execute();
    return rows.map(toConversation);
  }

  async learn(conversation: KeptConversation): Promise<void> {
    const { conversationId, kind, person } = conversation;
    if (kind === 'personal' && person !== undefined) {
      await this.#db
        .deleteFrom('conversations')
        .where('person', '=', person)
        .where('kind', '=', 'personal')
        .where('conversation_id', '<>', conversationId)
        .execute();
    }
    const learned = conversation.learnedAt.getTime();
    const row = {
      kind,
      person: person ?? null,
      team_id: conversation.teamId ?? null,
      service_url: conversation.serviceUrl,
      // Bot Framework's own JSON, kept as it is.
      reference: JSON.stringify(conversation.reference ?? null),
      learned_at: learned,
      suspended: conversation.suspended ?? null,
    };
    await this.#db
      .insertInto('conversations')
      .values({ conversation_id: conversationId, first_learned_at: learned, ...row })
      .onConflict((on) => on.column('conversation_id').doUpdateSet(row))
      .execute();
  }

  async forget(conversationId: string): Promise<void> {
    await this.#db
      .deleteFrom('conversations')
      .where('conversation_id', '=', conversationId)
      .execute();
  }

  async suspend(conversationId: string, why: 'blocked' | 'not-in-roster'): Promise<void> {
    await this.#db
      .updateTable('conversations')
      .set({ suspended: why })
      .where('conversation_id', '=', conversationId)
      .execute();
  }

  setAlertChannel(conversationId: string): Promise<void> {
    return this.#settings.set(ALERT_CHANNEL, conversationId);
  }
}

function toConversation(row: Schema['conversations']): KeptConversation {
  return {
    conversationId: row.conversation_id,
    kind: row.kind as KeptConversation['kind'],
    ...(row.person !== null && { person: row.person as PersonKey }),
    ...(row.team_id !== null && { teamId: row.team_id }),
    serviceUrl: row.service_url,
    reference: JSON.parse(row.reference),
    learnedAt: toDate(row.learned_at),
    ...(row.suspended !== null && {
      suspended: row.suspended as NonNullable<KeptConversation['suspended']>,
    }),
  };
}
