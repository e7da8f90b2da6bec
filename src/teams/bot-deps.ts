import { channelOf } from '../core/conversation.ts';
import type { CardId, Lang } from '../core/ids.ts';
import type { Audience, Notice } from '../core/notice.ts';
import type { DrawnNotice, Log, SeenConversation } from '../core/ports.ts';
import type { Asker, Person } from '../core/roll-out.ts';
import type { FileConsent, PressAnswer, Turns } from '../core/turn.ts';
import { type InboundActivity, referenceOf, scopeOf } from './activity.ts';
import type { BotIdentity } from './authentication.ts';
import type { FetchFile } from './fetch-file.ts';
import type { SsoDoor } from './sso.ts';

export type LookUpn = () => Promise<string | undefined>;

export interface BotDeps {
  readonly identity: BotIdentity;
  readonly turns: Turns;
  readonly log: Log;
  /** Absent: this bot was not told its tenant's SharePoint, so people are asked to paste. */
  readonly fetchFile?: FetchFile;
  /** What someone answered to a file that this bot offered; a notice where it was refused. */
  takeFile?(consent: FileConsent): Promise<Notice | undefined>;
  /** The row of people.csv this object id belongs to; a name never decides. */
  identify(sender: {
    readonly aadObjectId: string;
    readonly lookUpn: LookUpn;
  }): Promise<Asker | { readonly kind: 'stranger' }>;
  /** Keeps the notice as a card with its post in the outbox; durable once it resolves. */
  reply(to: Audience, notice: Notice, card?: CardId): Promise<void>;
  learn(seen: SeenConversation): Promise<void>;
  /** Absent: nothing is done with the rights of whoever presses, and a token that comes is not looked at. */
  readonly sso?: SsoDoor;
  /** One conversation, or every channel of a team, can no longer be written to. */
  forget(gone: { readonly conversationId: string } | { readonly teamId: string }): Promise<void>;
  /** What the presser alone sees: the one place where a code is drawn. */
  drawAnswer(answer: PressAnswer, lang: Lang): DrawnNotice;
}

export async function learnFrom(
  deps: Pick<BotDeps, 'learn'>,
  activity: InboundActivity,
  person: Person | undefined,
): Promise<void> {
  const kind = scopeOf(activity);
  const teamId = activity.channelData?.team?.id;
  await deps.learn({
    conversationId: channelOf(activity.conversation.id),
    kind,
    serviceUrl: activity.serviceUrl,
    reference: referenceOf(activity),
    ...(kind === 'personal' && person && { person: person.key }),
    ...(kind === 'channel' && teamId && { teamId }),
  });
}
