import { z } from 'zod';
import type { CardId, Lang } from '../core/ids.ts';
import type { DrawnNotice } from '../core/ports.ts';
import type { Press, PressAnswer } from '../core/turn.ts';
import { type InboundActivity, langOf, scopeOf } from './activity.ts';
import { type BotDeps, learnFrom } from './bot-deps.ts';
import { readPress } from './button-data.ts';
import {
  dialogAnswer,
  dialogWords,
  executeAnswer,
  executeError,
  executeWords,
  QUIET,
  type TurnAnswer,
} from './invoke-answer.ts';
import { NOT_A_BUTTON, TROUBLE } from './text.ts';

const Execute = z.looseObject({
  action: z.looseObject({ data: z.unknown().optional() }),
  trigger: z.string().optional(),
  authentication: z.looseObject({ token: z.string().max(16_000).nullish() }).nullish(),
});
const Dialog = z.looseObject({ data: z.unknown().optional() });

const address = z.string().max(8_000);
const Consent = z.looseObject({
  action: z.enum(['accept', 'decline']),
  context: z.looseObject({ card: z.string().min(1).max(200), nonce: z.string().min(1).max(200) }),
  uploadInfo: z
    .object({
      uploadUrl: address,
      contentUrl: address.optional(),
      uniqueId: z.string().max(200).optional(),
    })
    .nullish(),
});

/**
 * Answers at once: the store is asked, never Azure nor the connector. A file alone is put where Teams says,
 * and a token that came with a press is exchanged, within an invoke's time.
 */
export async function answerInvoke(deps: BotDeps, activity: InboundActivity): Promise<TurnAnswer> {
  switch (activity.name) {
    case 'adaptiveCard/action':
      return execute(deps, activity);
    case 'task/fetch':
      return dialog(deps, activity, 'dialog-fetch');
    case 'task/submit':
      return dialog(deps, activity, 'dialog-submit');
    case 'fileConsent/invoke':
      return fileConsent(deps, activity);
    default:
      return QUIET;
  }
}

async function execute(deps: BotDeps, activity: InboundActivity): Promise<TurnAnswer> {
  const lang = langOf(activity);
  const value = Execute.safeParse(activity.value);
  // A client that refreshes by itself is no one's press: it neither acts nor sees.
  if (!value.success || !isManual(deps, value.data.trigger)) {
    return executeError(400, NOT_A_BUTTON, lang);
  }
  const token = value.data.authentication?.token ?? undefined;
  const pressed = await press(deps, activity, value.data.action.data, 'execute', token);
  if (!pressed) return executeWords(NOT_A_BUTTON[lang]);
  const { notice } = pressed.answer;
  if (deps.sso && notice.kind === 'refusal' && notice.reason === 'sso-needed') {
    return deps.sso.askForToken(pressed.lang, notice.claims);
  }
  return executeAnswer(pressed.answer, pressed.drawn);
}

/** Teams always says what triggered; Microsoft 365 Agents Playground 0.2.28 never does. */
function isManual(deps: BotDeps, trigger: string | undefined): boolean {
  return trigger === 'manual' || (trigger === undefined && deps.identity.kind === 'demo');
}

async function dialog(
  deps: BotDeps,
  activity: InboundActivity,
  via: 'dialog-fetch' | 'dialog-submit',
): Promise<TurnAnswer> {
  const value = Dialog.safeParse(activity.value);
  const pressed = value.success && (await press(deps, activity, value.data.data, via));
  if (!pressed) return dialogWords(NOT_A_BUTTON[langOf(activity)]);
  return dialogAnswer(pressed.answer, pressed.drawn);
}

/**
 * The answer to a file offered; nothing stands in the answer to it, its card follows
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4).
 */
async function fileConsent(deps: BotDeps, activity: InboundActivity): Promise<TurnAnswer> {
  const value = Consent.safeParse(activity.value);
  const { aadObjectId } = activity.from;
  if (!value.success || !aadObjectId || !deps.takeFile || scopeOf(activity) !== 'personal') {
    return QUIET;
  }
  const who = await deps.identify({ aadObjectId, lookUpn: async () => undefined });
  if (who.kind !== 'person') return QUIET;
  const { person } = who;
  await learnFrom(deps, activity, person);
  const { action, context, uploadInfo } = value.data;
  if (action === 'accept' && !uploadInfo) return QUIET;
  const refused = await deps.takeFile({
    person,
    card: context.card as CardId,
    nonce: context.nonce,
    ...(action === 'accept' && uploadInfo && { upload: uploadInfo }),
  });
  if (refused) await deps.reply({ kind: 'person', person: person.key }, refused);
  return QUIET;
}

interface Pressed {
  readonly answer: PressAnswer;
  readonly drawn: DrawnNotice;
  readonly lang: Lang;
}

async function press(
  deps: BotDeps,
  activity: InboundActivity,
  data: unknown,
  via: Press['via'],
  token?: string,
): Promise<Pressed | undefined> {
  const button = readPress(data);
  const { aadObjectId } = activity.from;
  if (!button || !aadObjectId) return undefined;
  const who = await deps.identify({ aadObjectId, lookUpn: async () => undefined });
  if (who.kind !== 'person') {
    const answer: PressAnswer = { notice: { kind: 'who-are-you', aadObjectId }, refused: true };
    const lang = langOf(activity);
    return { answer, drawn: deps.drawAnswer(answer, lang), lang };
  }
  const { person } = who;
  const lang = person.language;
  await learnFrom(deps, activity, person);
  // Only the presser's own token goes further; a wrong one ends the press, whatever the button.
  const verdict = token && deps.sso ? await deps.sso.check(token, aadObjectId) : undefined;
  if (verdict !== undefined && verdict !== 'right') {
    const reason = verdict === 'refused' ? 'sso-refused' : 'azure-silent';
    const answer: PressAnswer = { notice: { kind: 'refusal', reason }, refused: true };
    return { answer, drawn: deps.drawAnswer(answer, lang), lang };
  }
  const scope = scopeOf(activity);
  const own = verdict === 'right' && token ? { ssoToken: token } : {};
  const answer = await deps.turns.press({ ...button, person, via, scope, ...own });
  return { answer, drawn: deps.drawAnswer(answer, lang), lang };
}

/** What someone sees when the turn itself failed; a failed message is sent again by whoever sent it. */
export function troubleAnswer(activity: InboundActivity): TurnAnswer {
  const lang = langOf(activity);
  if (activity.type !== 'invoke') return { status: 500 };
  switch (activity.name) {
    case 'adaptiveCard/action':
      return executeError(500, TROUBLE, lang);
    case 'task/fetch':
    case 'task/submit':
      return dialogWords(TROUBLE[lang]);
    default:
      return { status: 500 };
  }
}
