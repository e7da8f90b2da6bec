import { createHash } from 'node:crypto';

/** Someone in the simulated tenant. */
export interface SimUser {
  readonly key: string;
  readonly name: string;
  readonly upn: string;
  readonly aadObjectId: string;
  readonly language: 'ja' | 'en';
  /** Invited from another organisation. */
  readonly guest?: boolean;
}

/** A row of people.csv as a user; whoever has no object id there gets one, always the same. */
export function simUser(person: {
  readonly key: string;
  readonly name: string;
  readonly language: 'ja' | 'en';
  readonly upn?: string;
  readonly aadObjectId?: string;
}): SimUser {
  const { key, name, language } = person;
  return {
    key,
    name,
    language,
    upn: person.upn ?? `${key}@corp.example`,
    aadObjectId: person.aadObjectId ?? `00000000-0000-4000-8001-${digest(key).slice(0, 12)}`,
  };
}

export interface SimTenant {
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly bot: { readonly id: string; readonly name: string };
}

export function teamsUserId(user: SimUser): string {
  return `29:1${digest(`user ${user.aadObjectId}`).slice(0, 40)}`;
}

export function personalId(user: SimUser): string {
  return `a:1${digest(`chat ${user.aadObjectId}`).slice(0, 40)}`;
}

export function channelId(team: string, channel: string): string {
  return `19:${digest(`channel ${team} ${channel}`).slice(0, 32)}@thread.tacv2`;
}

export interface Where {
  readonly conversationId: string;
  readonly type: 'personal' | 'channel';
  readonly teamId?: string;
}

/** Fields every activity from Teams has: learn.microsoft.com/microsoftteams/platform/bots, as it sends them. */
export function activityFrom(
  tenant: SimTenant,
  user: SimUser,
  where: Where,
  id: string,
  at: Date,
): Record<string, unknown> {
  const locale = user.language === 'ja' ? 'ja-JP' : 'en-US';
  const channel = where.conversationId.split(';', 1)[0] ?? '';
  return {
    id,
    timestamp: at.toISOString(),
    localTimestamp: at.toISOString(),
    localTimezone: 'Asia/Tokyo',
    channelId: 'msteams',
    serviceUrl: tenant.serviceUrl,
    from: { id: teamsUserId(user), name: user.name, aadObjectId: user.aadObjectId },
    recipient: tenant.bot,
    conversation: {
      id: where.conversationId,
      conversationType: where.type,
      tenantId: tenant.tenantId,
      ...(where.type === 'channel' && { isGroup: true }),
    },
    channelData: {
      tenant: { id: tenant.tenantId },
      ...(where.type === 'channel' && {
        teamsChannelId: channel,
        teamsTeamId: where.teamId,
        channel: { id: channel },
        team: { id: where.teamId },
      }),
    },
    locale,
    entities: [
      { type: 'clientInfo', locale, country: 'JP', platform: 'Windows', timezone: 'Asia/Tokyo' },
    ],
  };
}

/** A mention, as Teams writes it into the text and once more beside it. */
export function mentioning(
  tenant: SimTenant,
  activity: Record<string, unknown>,
  text: string,
): Record<string, unknown> {
  const at = `<at>${tenant.bot.name}</at>`;
  const entities = Array.isArray(activity.entities) ? activity.entities : [];
  const mention = { type: 'mention', mentioned: tenant.bot, text: at };
  return { ...activity, text: `${at} ${text}`, entities: [...entities, mention] };
}

/** learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4, "Receive files in personal chat". */
export function fileAttachment(file: {
  readonly name: string;
  readonly downloadUrl: string;
}): Record<string, unknown> {
  return {
    contentType: 'application/vnd.microsoft.teams.file.download.info',
    contentUrl: `https://corp-my.sharepoint.com/personal/someone/Documents/${file.name}`,
    name: file.name,
    content: {
      downloadUrl: file.downloadUrl,
      uniqueId: digest(file.name).slice(0, 32),
      fileType: file.name.split('.').at(-1) ?? '',
    },
  };
}

/** The same page, "Invoke activity when the user accepts the file" and when they decline it. */
export function consentValue(
  message: Readonly<Record<string, unknown>> | undefined,
  answer:
    | { readonly upload: { readonly uploadUrl: string; readonly contentUrl: string } }
    | 'decline',
): Record<string, unknown> {
  const attachments = Array.isArray(message?.attachments) ? message.attachments : [];
  const offered = attachments.find(
    ({ contentType }) => contentType === 'application/vnd.microsoft.teams.card.file.consent',
  );
  if (!offered) throw new Error('that message offers no file');
  const { name, content } = offered;
  const type = 'fileUpload';
  if (answer === 'decline') return { type, action: 'decline', context: content.declineContext };
  const uniqueId = digest(String(name)).slice(0, 32);
  const uploadInfo = { ...answer.upload, name, uniqueId, fileType: name.split('.').at(-1) ?? '' };
  return { type, action: 'accept', context: content.acceptContext, uploadInfo };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
