import { z } from 'zod';
import { channelOf } from '../core/conversation.ts';
import type { Lang } from '../core/ids.ts';
import type { Scope } from '../core/turn.ts';
import { plainOf } from './message-text.ts';

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
  attachments: z
    .array(
      z.looseObject({
        contentType: z.string().optional(),
        name: z.string().nullish(),
        content: z.unknown().optional(),
      }),
    )
    .nullish(),
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
  const typed = plainOf(text.replace(/<\/?at(?:\s[^<>]{0,200})?>/g, ''));
  const laidOut = laidOutText(activity);
  return laidOut !== undefined && linesOf(laidOut) > linesOf(typed) ? laidOut : typed;
}

/**
 * Beside `text` Teams sends the message as HTML, where a code block keeps the line ends that `text` can
 * lose: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages.
 */
function laidOutText(activity: InboundActivity): string | undefined {
  const html = activity.attachments?.find(({ contentType }) => contentType === 'text/html');
  if (typeof html?.content !== 'string') return undefined;
  return plainOf(html.content.replace(BOT_MENTION, ' '));
}

const BOT_MENTION =
  /<span\b[^<>]{0,300}schema\.skype\.com\/Mention[^<>]{0,200}>[^<>]{0,200}<\/span>/gi;

function linesOf(text: string): number {
  return text.split('\n').length;
}

/** A picture alone comes with no text: as `image/*`, as a file, or inside the HTML (msteams-docs #9057). */
export function hasPicture(activity: InboundActivity): boolean {
  return (activity.attachments ?? []).some(({ contentType = '', content }) => {
    if (contentType.startsWith('image/')) return true;
    if (contentType === FILE) return isPictureFile(content);
    return contentType === 'text/html' && typeof content === 'string' && /<img\b/i.test(content);
  });
}

const FILE = 'application/vnd.microsoft.teams.file.download.info';
const FileInfo = z.looseObject({
  downloadUrl: z.string().max(8_000),
  fileType: z.string().nullish(),
});

export interface SentFile {
  readonly downloadUrl: string;
}

/** A file that someone sent and that is no picture; `unnamed` when it came without an address. */
export function fileOf(activity: InboundActivity): SentFile | 'unnamed' | undefined {
  const file = activity.attachments?.find(
    ({ contentType, content }) => contentType === FILE && !isPictureFile(content),
  );
  if (!file) return undefined;
  const info = FileInfo.safeParse(file.content);
  return info.success ? { downloadUrl: info.data.downloadUrl } : 'unnamed';
}

function isPictureFile(content: unknown): boolean {
  const info = z.looseObject({ fileType: z.string() }).safeParse(content);
  return info.success && /^(?:png|jpe?g|gif|bmp|hei[cf]|webp|tiff?|svg)$/i.test(info.data.fileType);
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
