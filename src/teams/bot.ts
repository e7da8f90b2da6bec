import { decodeBytes } from '../core/azcmagent/decode-bytes.ts';
import { channelOf } from '../core/conversation.ts';
import type { Audience, Notice, RefusalReason } from '../core/notice.ts';
import type { Person } from '../core/roll-out.ts';
import { fileOf, hasPicture, type InboundActivity, langOf, scopeOf, textOf } from './activity.ts';
import { type BotDeps, type LookUpn, learnFrom } from './bot-deps.ts';
import { readPress, readSentence } from './button-data.ts';
import { QUIET, type TurnAnswer } from './invoke-answer.ts';
import { answerInvoke } from './invokes.ts';
import { RecentTurns } from './recent-turns.ts';

export type Bot = (activity: InboundActivity, lookUpn: LookUpn) => Promise<TurnAnswer>;

/** One activity in, its effects kept, an HTTP answer out. What it throws, the adapter answers. */
export function createBot(deps: BotDeps): Bot {
  const recent = new RecentTurns<TurnAnswer>();
  return async (activity, lookUpn) => {
    switch (activity.type) {
      case 'message': {
        if (activity.id === undefined) return answerMessage(deps, activity, lookUpn);
        const key = `${activity.conversation.id} ${activity.id}`;
        return recent.once(key, () => answerMessage(deps, activity, lookUpn));
      }
      case 'invoke':
        return answerInvoke(deps, activity);
      case 'installationUpdate':
        return installationChanged(deps, activity, lookUpn, activity.action !== 'remove');
      case 'conversationUpdate':
        return conversationChanged(deps, activity, lookUpn);
      default:
        return QUIET;
    }
  };
}

async function answerMessage(
  deps: BotDeps,
  activity: InboundActivity,
  lookUpn: LookUpn,
): Promise<TurnAnswer> {
  const { aadObjectId } = activity.from;
  if (!aadObjectId) return QUIET;
  const who = await deps.identify({ aadObjectId, lookUpn });
  const person = who.kind === 'person' ? who.person : undefined;
  await learnFrom(deps, activity, person);
  const to = replyTo(activity, person);
  if (!person) {
    await deps.reply(to, { kind: 'who-are-you', aadObjectId });
    return QUIET;
  }

  const scope = scopeOf(activity);
  const press = readPress(activity.value);
  if (press) {
    // Answered by a stored message, so whatever an answer could reveal stays behind.
    const { notice } = await deps.turns.press({ ...press, person, via: 'message', scope });
    await deps.reply(to, notice);
    return QUIET;
  }
  const text = readSentence(activity.value) ?? textOf(activity);
  const refuse = async (reason: RefusalReason): Promise<TurnAnswer> => {
    await deps.reply(to, { kind: 'refusal', reason });
    return QUIET;
  };
  const file = await readFile(deps, activity);
  if (file && 'refused' in file) return refuse(file.refused);
  if (text === '' && !file && hasPicture(activity)) return refuse('paste-please');
  const reply = await deps.turns.answer({
    asker: { kind: 'person', person },
    text,
    scope,
    conversationId: channelOf(activity.conversation.id),
    mayChange: true,
    ...(file && { file: file.text }),
  });
  if (!reply.card && !file && hasPicture(activity) && isNoAnswer(reply.notice)) {
    return refuse('paste-please');
  }
  if (!reply.card) await deps.reply(to, reply.notice, reply.confirm?.card);
  return QUIET;
}

/** 「これ何ですか」 under a picture: what it asks about is in the picture. */
function isNoAnswer(notice: Notice): boolean {
  if (notice.kind === 'unknown' || notice.kind === 'ask-back') return true;
  return notice.kind === 'explain-error' && notice.finding === undefined;
}

/** The text of a file sent 1:1, or why it is not read; Teams gives bots no files elsewhere. */
async function readFile(
  { fetchFile, log }: BotDeps,
  activity: InboundActivity,
): Promise<{ readonly text: string } | { readonly refused: RefusalReason } | undefined> {
  const file = fileOf(activity);
  if (!file) return undefined;
  if (scopeOf(activity) !== 'personal') return { refused: 'file-not-here' };
  if (!fetchFile || file === 'unnamed') return { refused: 'file-not-read' };
  const fetched = await fetchFile(file.downloadUrl);
  if (fetched.outcome !== 'read') {
    log.info('file-not-fetched', { outcome: fetched.outcome, reason: fetched.reason });
    return { refused: fetched.outcome === 'too-large' ? 'file-too-large' : 'file-not-read' };
  }
  const text = decodeBytes(fetched.bytes);
  return text === undefined ? { refused: 'file-no-text' } : { text };
}

/** 1:1 a person is a person; elsewhere the answer goes where the question was, thread and all. */
function replyTo(activity: InboundActivity, person: Person | undefined): Audience {
  if (person && scopeOf(activity) === 'personal') return { kind: 'person', person: person.key };
  const lang = person?.language ?? langOf(activity);
  return { kind: 'conversation', conversationId: activity.conversation.id, lang };
}

async function conversationChanged(
  deps: BotDeps,
  activity: InboundActivity,
  lookUpn: LookUpn,
): Promise<TurnAnswer> {
  const isBot = (member: { readonly id: string }): boolean => member.id === activity.recipient.id;
  if (activity.membersAdded?.some(isBot)) {
    return installationChanged(deps, activity, lookUpn, true);
  }
  if (activity.membersRemoved?.some(isBot)) {
    return installationChanged(deps, activity, lookUpn, false);
  }
  const { eventType, channel } = activity.channelData ?? {};
  if (eventType === 'channelDeleted' && channel?.id) {
    await deps.forget({ conversationId: channel.id });
  }
  return QUIET;
}

async function installationChanged(
  deps: BotDeps,
  activity: InboundActivity,
  lookUpn: LookUpn,
  installed: boolean,
): Promise<TurnAnswer> {
  const teamId = activity.channelData?.team?.id;
  if (!installed) {
    const conversationId = channelOf(activity.conversation.id);
    await deps.forget(teamId ? { teamId } : { conversationId });
    return QUIET;
  }
  const { aadObjectId } = activity.from;
  const personal = scopeOf(activity) === 'personal' && aadObjectId;
  const who = personal ? await deps.identify({ aadObjectId, lookUpn }) : undefined;
  await learnFrom(deps, activity, who?.kind === 'person' ? who.person : undefined);
  if (teamId && teamId !== channelOf(activity.conversation.id)) {
    // A team's id is that of its General channel.
    const general = { ...activity, conversation: { ...activity.conversation, id: teamId } };
    await learnFrom(deps, general, undefined);
  }
  return QUIET;
}
