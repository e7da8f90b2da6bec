import type { Clock, KeptConversation, ReadTx, SeenConversation, Store } from '../core/ports.ts';

export interface LearnConversationDeps {
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
}

/**
 * Keeps where someone, or a channel, can be written to. Every activity shows it and the latest service URL
 * counts; most show nothing new and write nothing. One that was suspended has just been heard from.
 */
export async function learnConversation(
  deps: LearnConversationDeps,
  seen: SeenConversation,
): Promise<void> {
  if (await deps.store.read((tx) => isKnown(tx, seen))) return;
  await deps.store.write((tx) => tx.conversations.learn({ ...seen, learnedAt: deps.clock.now() }));
}

/** One conversation is gone, or the bot left a team and with it all its channels. */
export async function forgetConversation(
  deps: Pick<LearnConversationDeps, 'store'>,
  gone: { readonly conversationId: string } | { readonly teamId: string },
): Promise<void> {
  await deps.store.write(async (tx) => {
    const isGone = (kept: KeptConversation): boolean =>
      'teamId' in gone ? kept.teamId === gone.teamId : kept.conversationId === gone.conversationId;
    for (const kept of (await tx.conversations.list()).filter(isGone)) {
      await tx.conversations.forget(kept.conversationId);
    }
  });
}

async function isKnown(tx: ReadTx, seen: SeenConversation): Promise<boolean> {
  const kept = await tx.conversations.get(seen.conversationId);
  return (
    kept !== undefined &&
    kept.suspended === undefined &&
    kept.serviceUrl === seen.serviceUrl &&
    kept.kind === seen.kind &&
    (seen.person === undefined || kept.person === seen.person) &&
    (seen.teamId === undefined || kept.teamId === seen.teamId)
  );
}
