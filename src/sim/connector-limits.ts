/** Teams' own limits for sends and edits of one bot in one conversation, and for one app in one tenant. */
const CONVERSATION = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;
const TENANT = [[50, 1_000]] as const;

/** Refuses what is above them, as the real connector does: 429 with Retry-After. */
export class ConnectorLimits {
  readonly #sent = new Map<string, number[]>();

  /** Seconds to wait, or undefined when the request may pass. */
  check(conversationId: string, at: number): number | undefined {
    const wait = Math.max(
      waitMs(this.#of(conversationId), CONVERSATION, at),
      waitMs(this.#of('tenant'), TENANT, at),
    );
    if (wait > 0) return Math.ceil(wait / 1_000);
    this.#of(conversationId).push(at);
    this.#of('tenant').push(at);
    return undefined;
  }

  #of(key: string): number[] {
    const sent = this.#sent.get(key) ?? [];
    this.#sent.set(key, sent);
    return sent;
  }
}

function waitMs(
  sent: readonly number[],
  limits: readonly (readonly [number, number])[],
  at: number,
): number {
  return Math.max(
    ...limits.map(([count, windowMs]) => {
      const oldest = sent[sent.length - count];
      return oldest === undefined ? 0 : oldest + windowMs - at;
    }),
  );
}
