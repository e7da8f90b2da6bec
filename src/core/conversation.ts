/** A channel's threads are written `<channel>;messageid=<root>`; limits and alerts belong to the channel. */
export function channelOf(conversationId: string): string {
  return conversationId.split(';', 1)[0] ?? conversationId;
}
