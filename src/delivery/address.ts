import { channelOf } from '../core/conversation.ts';
import type { Lang } from '../core/ids.ts';
import type { Audience, Card } from '../core/notice.ts';
import type { KeptConversation, ReadTx } from '../core/ports.ts';
import type { Person } from '../core/roll-out.ts';

/** Where an audience is reached now. */
export type Address =
  | { readonly kind: 'open'; readonly conversation: KeptConversation }
  | { readonly kind: 'suspended'; readonly conversation: KeptConversation }
  /** Nothing known yet. With an object id, a 1:1 may be opened through any service URL of the tenant. */
  | {
      readonly kind: 'unknown';
      readonly aadObjectId?: string;
      readonly serviceUrl?: string;
    };

export async function addressOf(tx: ReadTx, audience: Audience): Promise<Address> {
  switch (audience.kind) {
    case 'person': {
      const kept = await tx.conversations.personal(audience.person);
      if (kept) return openOrSuspended(kept);
      const person = (await tx.rollOut()).person(audience.person);
      return unknownPerson(tx, person);
    }
    case 'channel': {
      const chosen = await tx.conversations.alertChannel();
      if (chosen && !chosen.suspended) return openOrSuspended(chosen);
      // The bot was put out of the chosen channel: another team still hears the alert.
      const other = (await tx.conversations.list()).find(
        (kept) => kept.kind === 'channel' && kept.teamId === kept.conversationId && !kept.suspended,
      );
      return other ? openOrSuspended(other) : { kind: 'unknown' };
    }
    case 'conversation':
      return conversationAddress(tx, audience.conversationId);
  }
}

/** Where a posted card stands, which is where its edits go. */
export async function placeOf(tx: ReadTx, card: Card): Promise<Address> {
  return card.conversationId === undefined
    ? addressOf(tx, card.audience)
    : conversationAddress(tx, card.conversationId);
}

/** The language an audience is written to in; a channel has one of its own. */
export async function languageOf(tx: ReadTx, audience: Audience, channel: Lang): Promise<Lang> {
  switch (audience.kind) {
    case 'person':
      return (await tx.rollOut()).person(audience.person)?.language ?? channel;
    case 'channel':
      return channel;
    case 'conversation':
      return audience.lang ?? channel;
  }
}

async function conversationAddress(tx: ReadTx, conversationId: string): Promise<Address> {
  const kept = await tx.conversations.get(channelOf(conversationId));
  return kept ? openOrSuspended({ ...kept, conversationId }) : { kind: 'unknown' };
}

async function unknownPerson(tx: ReadTx, person: Person | undefined): Promise<Address> {
  const aadObjectId = person?.aadObjectId;
  if (aadObjectId === undefined) return { kind: 'unknown' };
  const latest = (await tx.conversations.list()).reduce<KeptConversation | undefined>(
    (newest, kept) => (newest && newest.learnedAt >= kept.learnedAt ? newest : kept),
    undefined,
  );
  return { kind: 'unknown', aadObjectId, ...(latest && { serviceUrl: latest.serviceUrl }) };
}

function openOrSuspended(conversation: KeptConversation): Address {
  return { kind: conversation.suspended ? 'suspended' : 'open', conversation };
}
