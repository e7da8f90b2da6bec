/** One attempt at the connector that did not end with a 2xx. Carries no body and no header but what decides. */
export class ConnectorFailure extends Error {
  /** Absent when no answer came. */
  readonly status?: number;
  /** The connector's own word, such as `BotNotInConversationRoster`, or Node's, such as `ECONNRESET`. */
  readonly reason: string;
  readonly retryAfterMs?: number;
  /** False when the request certainly never left. */
  readonly sent: boolean;

  constructor(
    facts: { status?: number; reason: string; retryAfterMs?: number; sent: boolean },
    options?: ErrorOptions,
  ) {
    super(`connector: ${facts.status ?? 'no answer'} ${facts.reason}`, options);
    this.name = 'ConnectorFailure';
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    this.reason = facts.reason;
    this.sent = facts.sent;
  }
}
