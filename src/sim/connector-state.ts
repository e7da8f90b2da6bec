import {
  personalId,
  type SimTenant,
  type SimUser,
  teamsUserId,
  type Where,
} from './connector-activities.ts';

/** A message as the chat shows it now. */
export interface SimMessage {
  readonly id: string;
  readonly conversationId: string;
  /** `bot`, or the key of whoever wrote. */
  readonly from: string;
  readonly activity: Readonly<Record<string, unknown>>;
  readonly postedAt: Date;
  readonly edits: number;
}

export interface SimConversation extends Where {
  readonly members: readonly SimUser[];
  /** The bot may write here. */
  installed: boolean;
  blocked: boolean;
  readonly messages: Map<string, SimMessage>;
}

export type ConnectorCall = 'post' | 'edit' | 'delete' | 'create' | 'members';

/** What goes wrong with the next call that fits; used once unless `times` says more. */
export interface ConnectorFault {
  readonly on?: ConnectorCall;
  readonly conversationId?: string;
  readonly times?: number;
  /** So many calls that fit pass first. */
  readonly skip?: number;
  /** The call takes effect all the same: only its answer is lost. */
  readonly kept?: boolean;
  readonly answer:
    | { readonly status: number; readonly code?: string; readonly retryAfterSeconds?: number }
    | { readonly reset: true }
    | { readonly hang: true };
}

/** Everything the simulated Teams knows. */
export class ConnectorState {
  readonly conversations = new Map<string, SimConversation>();
  readonly faults: ConnectorFault[] = [];
  readonly tenant: SimTenant;
  readonly users: ReadonlyMap<string, SimUser>;
  #lastId = 0;

  constructor(tenant: SimTenant, users: readonly SimUser[]) {
    this.tenant = tenant;
    this.users = new Map(users.map((user) => [user.key, user]));
    for (const user of users) {
      this.#add({ conversationId: personalId(user), type: 'personal', members: [user] });
    }
  }

  user(key: string): SimUser {
    const user = this.users.get(key);
    if (!user) throw new Error(`the simulated tenant has no ${key}`);
    return user;
  }

  addChannel(conversationId: string, teamId: string): SimConversation {
    const known = this.conversations.get(conversationId);
    const members = [...this.users.values()];
    return known ?? this.#add({ conversationId, type: 'channel', teamId, members });
  }

  /** A thread's id names its channel, where its messages are kept too. */
  conversation(id: string): SimConversation | undefined {
    return this.conversations.get(id.split(';', 1)[0] ?? id);
  }

  /** By Teams' id or by Entra's object id, as createConversation accepts both. */
  userByAnyId(id: string): SimUser | undefined {
    return [...this.users.values()].find(
      (user) => user.aadObjectId === id || teamsUserId(user) === id,
    );
  }

  /** Message ids are milliseconds, as Teams' are, and never the same twice. */
  nextId(now: Date): string {
    this.#lastId = Math.max(this.#lastId + 1, now.getTime());
    return String(this.#lastId);
  }

  keep(message: SimMessage): void {
    this.conversation(message.conversationId)?.messages.set(message.id, message);
  }

  takeFault(on: ConnectorCall, conversationId: string): ConnectorFault | undefined {
    const index = this.faults.findIndex(
      (fault) =>
        (fault.on === undefined || fault.on === on) &&
        (fault.conversationId === undefined || fault.conversationId === conversationId),
    );
    const fault = this.faults[index];
    if (!fault) return undefined;
    if (fault.skip) {
      this.faults.splice(index, 1, { ...fault, skip: fault.skip - 1 });
      return undefined;
    }
    const times = (fault.times ?? 1) - 1;
    this.faults.splice(index, 1, ...(times > 0 ? [{ ...fault, times }] : []));
    return fault;
  }

  #add(where: Where & { readonly members: readonly SimUser[] }): SimConversation {
    const made = { ...where, installed: false, blocked: false, messages: new Map() };
    this.conversations.set(where.conversationId, made);
    return made;
  }
}
