import { isIP } from 'node:net';
import { z } from 'zod';
import type { KitReport, KitText } from '../core/kit-request.ts';
import { parseBody } from './body.ts';
import { readKitText } from './kit-text.ts';
import { JsonRefused } from './strict-json.ts';

/** Latest instant a Date can hold. */
const MAX_SECONDS = 8_640_000_000_000;

const aud = z.string().min(1).max(128);
const at = z
  .number()
  .int()
  .nonnegative()
  .max(MAX_SECONDS)
  .transform((seconds) => new Date(seconds * 1000));
const botKey = z.string().min(1).max(200).optional();
const round = z.number().int().nonnegative().max(99);
const text_b64 = z.string().transform((value, check): KitText => {
  const text = readKitText(value);
  if (text) return text;
  check.addIssue({ code: 'custom', message: 'not base64 of 24 KB at most' });
  return z.NEVER;
});
const alg = z.enum(['es256-der', 'es256-p1363']);
const seen = z.enum(['running', 'stopped', 'missing', 'unknown']).optional();
const common = { aud, at, botKey };
const status = { ...common, text_b64: text_b64.optional(), mde: seen, ama: seen };

const PAYLOAD = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('ready'),
    mode: z.enum(['prepare', 'connect']).optional(),
  }),
  z.strictObject({ ...common, type: z.literal('watch'), round }),
  z.strictObject({ ...common, type: z.literal('device-code'), round: round.min(1), text_b64 }),
  z.strictObject({
    ...common,
    type: z.literal('outcome'),
    round,
    result: z.enum(['connected', 'failed', 'stopped', 'timeout']),
    // Windows has unsigned 32-bit exit codes, .NET shows them signed.
    exit_code: z.number().int().min(-2_147_483_648).max(4_294_967_295),
    text_b64: text_b64.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('network-check'),
    text_b64,
    address: z
      .string()
      .refine((value) => isIP(value) !== 0)
      .optional(),
  }),
  z.strictObject({ ...status, type: z.literal('status') }),
  z.strictObject({ ...status, type: z.literal('heartbeat') }),
  z.strictObject({
    ...common,
    type: z.literal('successor'),
    publicKey: z.string().max(200),
    alg,
  }),
]);

const ENROLMENT_PAYLOAD = z.strictObject({
  aud,
  token: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  name: z.string().min(1).max(64),
  serial: z.string().max(128),
  vmUuid: z.string().max(64),
  alg,
  publicKey: z.string().max(200),
  botKey: z.string().max(200),
});
export type EnrolmentPayload = z.infer<typeof ENROLMENT_PAYLOAD>;

/** A verified payload as core types; `isPublicKey` tells whether a successor's key is one we can use. */
export function readReport(
  payload: Buffer,
  ourAud: string,
  isPublicKey: (spki: string) => boolean,
): KitReport | 'unreadable' | 'other-bot' {
  const value = parseOr(payload);
  if (hasOtherAud(value, ourAud)) return 'other-bot';
  const parsed = PAYLOAD.safeParse(value);
  if (!parsed.success) return 'unreadable';
  const report = withoutWireNames(parsed.data);
  return report.type === 'successor' && !isPublicKey(report.publicKey) ? 'unreadable' : report;
}

export function readEnrolmentPayload(payload: Buffer): EnrolmentPayload | undefined {
  return ENROLMENT_PAYLOAD.safeParse(parseOr(payload)).data;
}

/** Said of any type, also one we do not know: another bot's request is not an unreadable one. */
function hasOtherAud(value: unknown, ourAud: string): boolean {
  const parsed = z.looseObject({ aud }).safeParse(value);
  return parsed.success && parsed.data.aud !== ourAud;
}

function withoutWireNames(payload: z.infer<typeof PAYLOAD>): KitReport {
  const base = { at: payload.at, ...(payload.botKey && { botKey: payload.botKey }) };
  switch (payload.type) {
    case 'ready':
      return { ...base, type: payload.type, ...(payload.mode && { mode: payload.mode }) };
    case 'watch':
      return { ...base, type: payload.type, round: payload.round };
    case 'device-code':
      return { ...base, type: payload.type, round: payload.round, text: payload.text_b64 };
    case 'outcome':
      return {
        ...base,
        type: payload.type,
        round: payload.round,
        result: payload.result,
        exitCode: payload.exit_code,
        ...(payload.text_b64 && { text: payload.text_b64 }),
      };
    case 'network-check':
      return {
        ...base,
        type: payload.type,
        text: payload.text_b64,
        ...(payload.address && { address: payload.address }),
      };
    case 'status':
    case 'heartbeat':
      return {
        ...base,
        type: payload.type,
        ...(payload.text_b64 && { text: payload.text_b64 }),
        ...(payload.mde && { mde: payload.mde }),
        ...(payload.ama && { ama: payload.ama }),
      };
    case 'successor':
      return { ...base, type: payload.type, publicKey: payload.publicKey, alg: payload.alg };
  }
}

function parseOr(payload: Buffer): unknown {
  try {
    return parseBody(payload);
  } catch (error) {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  }
}
