import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import type { Clock } from '../core/ports.ts';
import { ConnectorFailure } from './connector-failure.ts';

type ConnectorOptions = NonNullable<
  ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[4]
>;
export type SdkHttpClient = NonNullable<ConnectorOptions['httpClient']>;
type SdkRequest = Parameters<SdkHttpClient['sendRequest']>[0];
type SdkResponse = Awaited<ReturnType<SdkHttpClient['sendRequest']>>;

/** Below Azure load balancers' idle limit, so that a socket we reuse is still open at the other end. */
const IDLE_SOCKET_MS = 20_000;
const ERROR_BODY_CHARS = 4_000;

/** What became of the request of one call: the SDK fetches a token before it sends anything. */
interface Attempt {
  sent: boolean;
}

/**
 * The SDK's HTTP client, ours: one attempt, an end, and every answer that is no 2xx thrown as
 * ConnectorFailure. The SDK repeats on statuses and on its own RestError, so neither ever reaches it.
 */
export class ConnectorHttp implements SdkHttpClient {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #attempts = new AsyncLocalStorage<Attempt>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: IDLE_SOCKET_MS });
  readonly #secureAgent = new HttpsAgent({
    keepAlive: true,
    maxSockets: 64,
    timeout: IDLE_SOCKET_MS,
  });

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs one call of the SDK; whatever fails, fails as ConnectorFailure that knows if anything left. */
  async attempt<T>(call: () => Promise<T>): Promise<T> {
    const attempt: Attempt = { sent: false };
    // Also ends a token request that never answers, which the SDK does not.
    const late = AbortSignal.timeout(2 * this.#timeoutMs);
    try {
      return await this.#attempts.run(attempt, () => Promise.race([call(), aborted(late)]));
    } catch (cause) {
      if (cause instanceof ConnectorFailure) throw cause;
      const reason = attempt.sent ? 'answer-not-understood' : 'not-sent';
      throw new ConnectorFailure({ reason, sent: attempt.sent }, { cause });
    }
  }

  async sendRequest(sdkRequest: SdkRequest): Promise<SdkResponse> {
    const attempt = this.#attempts.getStore();
    const noted: Attempt = attempt ?? { sent: false };
    try {
      const response = await this.#send(sdkRequest, noted);
      const status = response.statusCode ?? 0;
      const body = await text(response);
      if (status >= 200 && status < 300) return toSdk(sdkRequest, response, status, body);
      throw this.#refused(response, status, body);
    } catch (cause) {
      if (cause instanceof ConnectorFailure) throw cause;
      throw new ConnectorFailure({ reason: errorCode(cause), sent: noted.sent }, { cause });
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }

  #send(sdkRequest: SdkRequest, attempt: Attempt): Promise<IncomingMessage> {
    const url = new URL(sdkRequest.url);
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const options = {
        method: sdkRequest.method,
        headers: sdkRequest.headers.toJson(),
        signal: AbortSignal.timeout(this.#timeoutMs),
      };
      const outgoing = secure
        ? secureRequest(url, { ...options, agent: this.#secureAgent })
        : request(url, { ...options, agent: this.#agent });
      noteSent(outgoing, secure, attempt);
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end(typeof sdkRequest.body === 'string' ? sdkRequest.body : undefined);
    });
  }

  #refused(response: IncomingMessage, status: number, body: string): ConnectorFailure {
    const retryAfterMs = readRetryAfter(response.headers['retry-after'], this.#clock);
    return new ConnectorFailure({
      status,
      reason: connectorWord(body.slice(0, ERROR_BODY_CHARS)) ?? `status-${status}`,
      sent: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

function noteSent(outgoing: ClientRequest, secure: boolean, attempt: Attempt): void {
  const sent = (): void => {
    attempt.sent = true;
  };
  outgoing.on('socket', (socket) => {
    if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', sent);
    else sent();
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function toSdk(
  sdkRequest: SdkRequest,
  response: IncomingMessage,
  status: number,
  bodyAsText: string,
): SdkResponse {
  const headers = sdkRequest.headers.clone();
  for (const name of headers.headerNames()) headers.remove(name);
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  return { request: sdkRequest, status, headers, bodyAsText };
}

/** `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). */
function readRetryAfter(value: string | undefined, clock: Clock): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now().getTime());
}

/** The most telling word of an error body; a `subCode` hides inside `message` as JSON once more. */
function connectorWord(body: string): string | undefined {
  const found =
    /subCode\\{0,2}["']?\s{0,4}:\s{0,4}\\{0,2}["']([A-Za-z0-9_.-]{1,64})/.exec(body) ??
    /"(?:code|errorCode)"\s{0,4}:\s{0,4}"?([A-Za-z0-9_.-]{1,64})/.exec(body);
  return found?.[1];
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return 'timeout';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
