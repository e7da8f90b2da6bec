import { z } from 'zod';
import { channelOf } from '../core/conversation.ts';
import type { Lang } from '../core/ids.ts';
import type { Scope } from '../core/turn.ts';

const Account = z.looseObject({
  id: z.string(),
  aadObjectId: z.string().optional(),
});

const Entity = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  locale: z.string().optional(),
  mentioned: z.looseObject({ id: z.string().optional() }).optional(),
});

/** What the bot reads of an activity; Teams sends more, and more may come. */
export const InboundActivity = z.looseObject({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  action: z.string().optional(),
  serviceUrl: z.string(),
  channelId: z.string(),
  locale: z.string().optional(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  from: Account,
  recipient: Account,
  conversation: z.looseObject({
    id: z.string().min(1),
    conversationType: z.string().optional(),
    isGroup: z.boolean().optional(),
    tenantId: z.string().optional(),
  }),
  channelData: z
    .looseObject({
      eventType: z.string().optional(),
      team: z.looseObject({ id: z.string().optional() }).optional(),
      channel: z.looseObject({ id: z.string().optional() }).optional(),
      tenant: z.looseObject({ id: z.string().optional() }).optional(),
    })
    .nullish(),
  entities: z.array(Entity).nullish(),
  attachments: z.array(z.looseObject({ contentType: z.string().optional() })).nullish(),
  membersAdded: z.array(Account).nullish(),
  membersRemoved: z.array(Account).nullish(),
});
export type InboundActivity = z.infer<typeof InboundActivity>;

export type TeamsScope = Exclude<Scope, 'terminal'>;

export function scopeOf(activity: InboundActivity): TeamsScope {
  switch (activity.conversation.conversationType) {
    case 'personal':
      return 'personal';
    case 'channel':
      return 'channel';
    case 'groupChat':
      return 'group';
    default:
      return activity.conversation.isGroup ? 'group' : 'personal';
  }
}

/** The language of someone the bot does not know; Teams names the client's. */
export function langOf(activity: InboundActivity): Lang {
  const clientInfo = activity.entities?.find((entity) => entity.type === 'clientInfo');
  const locale = activity.locale ?? clientInfo?.locale ?? 'ja';
  return locale.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

/** What was typed: the bot's mention gone, other people's mentions as their names. */
export function textOf(activity: InboundActivity): string {
  let text = activity.text ?? '';
  for (const entity of activity.entities ?? []) {
    if (entity.type !== 'mention' || !entity.text) continue;
    if (entity.mentioned?.id === activity.recipient.id) text = text.replaceAll(entity.text, ' ');
  }
  return decode(text.replace(/<\/?at(?:\s[^<>]{0,200})?>/g, '')).trim();
}

const NAMED: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function decode(text: string): string {
  return text
    .replaceAll('\u00a0', ' ')
    .replace(/&(?:nbsp|lt|gt|quot|#39|amp);/g, (entity) => NAMED[entity] ?? entity);
}

/** A phone's photo arrives as `image/*` beside an HTML copy: OfficeDev/msteams-docs #9057. */
export function hasPicture(activity: InboundActivity): boolean {
  return (activity.attachments ?? []).some((attachment) =>
    /^(?:image\/|application\/vnd\.microsoft\.teams\.file\.download\.info$)/.test(
      attachment.contentType ?? '',
    ),
  );
}

/**
 * The reference that proactive messages need (Bot Framework's ConversationReference), reduced to ids. In a
 * channel it names the channel itself, not the thread that was written in.
 */
export function referenceOf(activity: InboundActivity): Record<string, unknown> {
  const { conversation, from, recipient, serviceUrl, channelId } = activity;
  return {
    channelId,
    serviceUrl,
    bot: { id: recipient.id },
    ...(scopeOf(activity) === 'personal' && {
      user: { id: from.id, ...(from.aadObjectId && { aadObjectId: from.aadObjectId }) },
    }),
    conversation: {
      id: channelOf(conversation.id),
      ...(conversation.conversationType && { conversationType: conversation.conversationType }),
      ...(conversation.isGroup !== undefined && { isGroup: conversation.isGroup }),
      ...(conversation.tenantId && { tenantId: conversation.tenantId }),
    },
  };
}
