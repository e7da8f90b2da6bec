import { z } from 'zod';
import type { Kid } from '../core/ids.ts';
import { readBase64 } from './base64.ts';
import { parseBody } from './body.ts';
import { Refusal } from './refusal.ts';
import { JsonRefused } from './strict-json.ts';

export const MAX_CLOCK_OFF_MS = 300_000;

const NAME = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const WHOLE = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const BASE64 = z.string().refine((text) => readBase64(text) !== undefined);

const REQUEST = z.strictObject({
  v: z.literal(1),
  kid: NAME,
  id: NAME,
  ts: WHOLE,
  seq: WHOLE.min(1),
  payload: BASE64,
  sig: BASE64,
});
const ENROLMENT = z.strictObject({
  v: z.literal(1),
  id: NAME,
  ts: WHOLE,
  payload: BASE64,
  sig: BASE64,
});

/** A request in the right form; nothing in it is believed yet. */
export interface Envelope {
  readonly id: string;
  readonly sentAt: Date;
  /** As sent, and what it decodes to. */
  readonly payload: string;
  readonly payloadBytes: Buffer;
  /** The ASCII bytes the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}
export interface RequestEnvelope extends Envelope {
  readonly kid: Kid;
  readonly seq: number;
}

export function readRequestEnvelope(body: Buffer): RequestEnvelope {
  const { kid, id, ts, seq, payload, sig } = inForm(REQUEST, body);
  const signed = `v1.${kid}.${id}.${ts}.${seq}.${payload}`;
  return { kid: kid as Kid, seq, ...envelope(id, ts, payload, sig, signed) };
}

export function readEnrolmentEnvelope(body: Buffer): Envelope {
  const { id, ts, payload, sig } = inForm(ENROLMENT, body);
  return envelope(id, ts, payload, sig, `v1e.${id}.${ts}.${payload}`);
}

/** Only ever asked after the signature was found right. */
export function isClockOff(sentAt: Date, now: Date): boolean {
  return !(Math.abs(now.getTime() - sentAt.getTime()) <= MAX_CLOCK_OFF_MS);
}

function inForm<T>(form: z.ZodType<T>, body: Buffer): T {
  const parsed = form.safeParse(parseOrRefuse(body));
  if (!parsed.success) throw new Refusal('FORM_REFUSED', 'envelope');
  return parsed.data;
}

function parseOrRefuse(body: Buffer): unknown {
  try {
    return parseBody(body);
  } catch (error) {
    if (error instanceof JsonRefused) throw new Refusal('FORM_REFUSED', error.message);
    throw error;
  }
}

function envelope(id: string, ts: number, payload: string, sig: string, signed: string): Envelope {
  return {
    id,
    sentAt: new Date(ts * 1000),
    payload,
    payloadBytes: Buffer.from(payload, 'base64'),
    signed: Buffer.from(signed, 'ascii'),
    signature: Buffer.from(sig, 'base64'),
  };
}
