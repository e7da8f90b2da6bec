import { OpsBotError } from '../core/errors.ts';
import { object } from './words.ts';

/** Why Azure could not be read; `doctor` and the log tell it in words an Azure admin can act on. */
export type AzureTrouble =
  | 'denied'
  | 'token-refused'
  | 'wrong-tenant'
  | 'throttled'
  | 'failing'
  | 'timed-out'
  | 'unreachable'
  | 'not-azure'
  | 'foreign-host'
  | 'incomplete'
  | 'refused';

const WORDS = {
  denied: "the bot's identity may not read this: give it Reader",
  'token-refused': "the bot's token was refused: it has run out or is meant for something else",
  'wrong-tenant': "the bot's identity belongs to another tenant than the subscription",
  throttled: 'Azure asks to wait: its limit of requests is used up',
  failing: 'Azure answers with an error of its own',
  'timed-out': 'no answer came in time',
  unreachable: 'the connection could not be made or was cut',
  'not-azure': "the answer is not Azure's: a proxy may stand between",
  'foreign-host': 'an answer named an address outside Azure; nothing was sent there',
  incomplete: 'the answer is not complete',
  refused: 'Azure does not accept the request',
} as const satisfies Record<AzureTrouble, string>;

/** `what` is what the bot was doing. The trouble stands first in the message. */
export function azureError(what: string, trouble: AzureTrouble, cause?: unknown): OpsBotError {
  const message = `${trouble}: ${what}: ${WORDS[trouble]}`;
  return new OpsBotError('AZURE_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}

/** Runs one piece of reading; whatever goes wrong leaves as AZURE_UNAVAILABLE that names the trouble. */
export async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof OpsBotError) throw cause;
    throw azureError(what, troubleOf(cause), cause);
  }
}

export function troubleOfStatus(status: number, code: string): AzureTrouble {
  if (/tenant/i.test(code)) return 'wrong-tenant';
  // Resource Graph says so with a 400 when the identity sees none of the subscriptions.
  if (/NoValidSubscriptions|AuthorizationFailed/i.test(code)) return 'denied';
  if (status === 401) return 'token-refused';
  if (status === 403) return 'denied';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'failing' : 'refused';
}

function troubleOf(error: unknown): AzureTrouble {
  const { name, code, statusCode, status: plain, details } = object(error);
  const status = Number(statusCode ?? plain);
  if (name === 'AbortError' || name === 'TimeoutError') return 'timed-out';
  if (code === 'PARSE_ERROR' || error instanceof SyntaxError) return 'not-azure';
  if (status >= 300 && status < 400) return 'foreign-host';
  if (status >= 400) {
    const inside = JSON.stringify(details ?? {});
    return troubleOfStatus(status, `${text(code)} ${inside} ${messageOf(error)}`);
  }
  if (name === 'CredentialUnavailableError' || name === 'AuthenticationError') {
    return 'token-refused';
  }
  return 'unreachable';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
