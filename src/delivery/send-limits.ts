export interface SendLimit {
  readonly count: number;
  readonly windowMs: number;
}

const SECOND_MS = 1_000;
/** The service may split one message into several, so only a part of what Teams allows is used. */
const SHARE = 0.7;

function seventyPercent(count: number, windowMs: number): SendLimit {
  return { count: Math.floor(count * SHARE), windowMs };
}

/** learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: sends and edits, per bot and conversation. */
export const CONVERSATION_LIMITS: readonly SendLimit[] = [
  seventyPercent(7, SECOND_MS),
  seventyPercent(8, 2 * SECOND_MS),
  seventyPercent(60, 30 * SECOND_MS),
  seventyPercent(1_800, 3_600 * SECOND_MS),
];
/** The same page: per app and tenant. */
export const TENANT_LIMITS: readonly SendLimit[] = [seventyPercent(50, SECOND_MS)];

/** Counts what left in sliding windows. Each process counts for itself; a 429 tells of the others. */
export class SendLimits {
  readonly #conversations = new Map<string, number[]>();
  readonly #tenant: number[] = [];
  readonly #pausedUntil = new Map<string, number>();
  #sweptAt = 0;

  /** Counts so many requests to this conversation, or tells when to come again. */
  take(conversation: string, requests: number, now: Date): Date | undefined {
    const at = now.getTime();
    this.#sweep(at);
    const sent = this.#conversations.get(conversation) ?? [];
    const free = Math.max(
      this.#pausedUntil.get(conversation) ?? 0,
      freeAt(sent, requests, CONVERSATION_LIMITS, at),
      freeAt(this.#tenant, requests, TENANT_LIMITS, at),
    );
    if (free > at) return new Date(free);
    for (let request = 0; request < requests; request++) {
      sent.push(at);
      this.#tenant.push(at);
    }
    this.#conversations.set(conversation, sent);
    return undefined;
  }

  /** The connector said when it wants to hear from us again. */
  pause(conversation: string, until: Date): void {
    this.#pausedUntil.set(conversation, until.getTime());
  }

  /** Once a second forgets what no window can see any more. */
  #sweep(at: number): void {
    if (at - this.#sweptAt < SECOND_MS) return;
    this.#sweptAt = at;
    dropBefore(this.#tenant, at - SECOND_MS);
    for (const [conversation, sent] of this.#conversations) {
      dropBefore(sent, at - 3_600 * SECOND_MS);
      if (sent.length === 0) this.#conversations.delete(conversation);
    }
    for (const [conversation, until] of this.#pausedUntil) {
      if (until <= at) this.#pausedUntil.delete(conversation);
    }
  }
}

/** The moment at which so many more fit into every window. */
function freeAt(
  sent: readonly number[],
  requests: number,
  limits: readonly SendLimit[],
  at: number,
): number {
  let free = at;
  for (const { count, windowMs } of limits) {
    // More than a window ever holds goes when the window is empty.
    const room = Math.max(0, count - requests);
    const blocking = sent[sent.length - 1 - room];
    if (blocking !== undefined) free = Math.max(free, blocking + windowMs);
  }
  return free;
}

function dropBefore(sent: number[], before: number): void {
  const first = sent.findIndex((at) => at > before);
  sent.splice(0, first === -1 ? sent.length : first);
}
