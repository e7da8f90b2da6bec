import type { VerifiedEnrolment, VerifiedRequest } from '../core/kit-request.ts';
import type { Clock, KitAnswer, KitKey, Log } from '../core/ports.ts';
import { composeAnswer, withSignature } from './answer-lines.ts';
import { isClockOff, readEnrolmentEnvelope, readRequestEnvelope } from './envelope.ts';
import type { DoorLimits } from './rate-limits.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { ReplyBody } from './replies.ts';
import { readEnrolmentPayload, readReport } from './report-schemas.ts';

type Es256Alg = KitKey['alg'];

/** What the door needs of node:crypto, done in src/keys. */
export interface DoorCrypto {
  verify(spki: string, alg: Es256Alg, data: Buffer, signature: Buffer): boolean;
  isPublicKey(spki: string): boolean;
  /** A key no one holds the other half of: an unknown kid takes as long as a wrong signature. */
  strangersKey(): string;
}
/** The bot's own keys. */
export interface DoorAnswerKeys {
  current(): string;
  knows(publicKey: string, held?: string): Promise<boolean>;
  sign(publicKey: string, alg: Es256Alg, data: Buffer): Promise<string | undefined>;
}

export interface DoorDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly crypto: DoorCrypto;
  readonly answerKeys: DoorAnswerKeys;
  readonly limits: DoorLimits;
  /** This bot's id, made at first start. */
  readonly aud: string;
  readonly findKey: (kid: KitKey['kid']) => Promise<KitKey | undefined>;
  readonly receive: (request: VerifiedRequest) => Promise<KitAnswer>;
  readonly isTokenKnown: (token: string) => Promise<boolean>;
  readonly enrol: (
    asked: VerifiedEnrolment,
  ) => Promise<{ readonly answered: KitAnswer } | { readonly refused: RefusalCode }>;
}

export interface Door {
  /** Both throw Refusal for what gets no signed answer. */
  report(body: Buffer): Promise<ReplyBody>;
  enrol(body: Buffer): Promise<ReplyBody>;
}

const CLOCK_OFF: KitAnswer = { status: 401, do: 'resign', code: 'CLOCK' };

/** The checks of docs/door.md that need no transaction, in their order, and the signing of answers. */
export function createDoor(deps: DoorDeps): Door {
  const { clock, crypto, answerKeys } = deps;

  async function signed(
    answer: KitAnswer,
    id: string,
    { alg, botKey }: Pick<KitKey, 'alg' | 'botKey'>,
  ): Promise<ReplyBody> {
    const newest = answerKeys.current();
    const lines = composeAnswer(answer, {
      id,
      now: clock.now(),
      ...(newest !== botKey && { botKey: newest }),
    });
    const signature = await answerKeys.sign(botKey, alg, Buffer.from(lines, 'utf8'));
    if (signature === undefined) throw new Refusal('UNAVAILABLE', 'answer-key-unusable');
    return {
      status: answer.status,
      type: 'text/plain; charset=utf-8',
      body: withSignature(lines, signature),
    };
  }

  /** Nothing is decided for a kit that could not verify the answer. */
  async function mustBeUsable(key: Pick<KitKey, 'kid' | 'botKey'>): Promise<void> {
    if (await answerKeys.knows(key.botKey)) return;
    deps.log.error('answer-key-unusable', { kid: key.kid });
    throw new Refusal('UNAVAILABLE', 'answer-key-unusable');
  }

  return {
    async report(body) {
      const envelope = readRequestEnvelope(body);
      const { kid, id, seq, payload, payloadBytes, sentAt, signature } = envelope;
      const key = await deps.findKey(kid);
      const isRight = crypto.verify(
        key?.publicKey ?? crypto.strangersKey(),
        key?.alg ?? 'es256-der',
        envelope.signed,
        signature,
      );
      if (!key || !isRight) throw new Refusal('SIGNATURE_REFUSED', 'key-or-signature');

      const taken = deps.limits.perKey.take(kid);
      if (!taken.ok) throw new Refusal('TOO_MANY', 'per-key', taken.waitSeconds);
      await mustBeUsable(key);
      const receivedAt = clock.now();
      if (isClockOff(sentAt, receivedAt)) return signed(CLOCK_OFF, id, key);

      const report = readReport(payloadBytes, deps.aud, crypto.isPublicKey);
      const named = typeof report === 'object' ? report.botKey : undefined;
      const isNewer = named !== undefined && (await answerKeys.knows(named, key.botKey));
      const request = { kid, id, seq, payload, receivedAt, report };
      const answer = await deps.receive({ ...request, ...(isNewer && { newerBotKey: named }) });
      return signed(answer, id, { alg: key.alg, botKey: isNewer ? named : key.botKey });
    },

    async enrol(body) {
      const { id, sentAt, payloadBytes, signature, signed: bytes } = readEnrolmentEnvelope(body);
      const asked = readEnrolmentPayload(payloadBytes);
      if (!asked || !crypto.isPublicKey(asked.publicKey)) {
        throw new Refusal('FORM_REFUSED', 'enrolment-payload');
      }
      if (!crypto.verify(asked.publicKey, asked.alg, bytes, signature)) {
        throw new Refusal('SIGNATURE_REFUSED', 'enrolment-signature');
      }
      if (asked.aud !== deps.aud) throw new Refusal('OTHER_BOT', 'enrolment-aud');
      // The bot signs nothing for whoever has no token: not even its time.
      if (!(await deps.isTokenKnown(asked.token))) throw new Refusal('TOKEN_REFUSED', 'token');
      if (!(await answerKeys.knows(asked.botKey))) {
        throw new Refusal('BOT_KEY_UNKNOWN', 'enrolment-bot-key');
      }
      const receivedAt = clock.now();
      if (isClockOff(sentAt, receivedAt)) return signed(CLOCK_OFF, id, asked);

      const { aud: _, ...enrolment } = asked;
      const enrolled = await deps.enrol({ id, receivedAt, ...enrolment });
      if ('refused' in enrolled) throw new Refusal(enrolled.refused, 'enrolment');
      return signed(enrolled.answered, id, asked);
    },
  };
}
