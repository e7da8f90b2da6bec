import type { Writable } from 'node:stream';
import pino from 'pino';
import type { Log } from './core/ports.ts';
import { scrub } from './core/scrub.ts';

/**
 * JSON lines on the given stream (stderr: stdout belongs to `--json`). The scrubber runs over the final
 * line, so whatever reached it under whatever name, a code, token or key does not leave.
 */
export function createLog(level: pino.Level, stream: Writable): Log {
  const out = { write: (line: string) => stream.write(`${scrub(line.trimEnd())}\n`) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorWithCauses },
      messageKey: 'event',
    },
    out,
  );
  const at =
    (method: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, facts: Record<string, unknown> = {}): void =>
      logger[method](facts, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** An error as fields, its causes with it, five deep at most. */
function errorWithCauses(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    name: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause !== undefined && depth < 5
      ? { cause: errorWithCauses(error.cause, depth + 1) }
      : {}),
  };
}

/** A log for tests and for commands that print nothing but their answer. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
