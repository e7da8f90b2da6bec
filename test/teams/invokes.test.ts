import assert from 'node:assert/strict';
import { InboundActivity } from '../../src/teams/activity.ts';
import type { BotDeps } from '../../src/teams/bot-deps.ts';
import { answerInvoke } from '../../src/teams/invokes.ts';
import { drawPlainly, ScriptedTurns, TAKAHASHI, TENANT } from './whole-edge.ts';

describe('an invoke in production', () => {
  it('acts only when Teams says that someone pressed', async () => {
    const turns = new ScriptedTurns();
    const statuses: unknown[] = [];

    for (const trigger of [undefined, 'automatic', 'Manual', 'manual']) {
      const { body } = await answerInvoke(depsWith(turns), executed(trigger));
      statuses.push((body as { statusCode: number }).statusCode);
    }

    assert.deepEqual(statuses, [400, 400, 400, 200]);
    assert.equal(turns.presses.length, 1);
  });

  it('is taken quietly when it is one the bot does not know', async () => {
    const turns = new ScriptedTurns();

    const answer = await answerInvoke(depsWith(turns), {
      ...executed('manual'),
      name: 'composeExtension/query',
    });

    assert.deepEqual(answer, { status: 200 });
    assert.equal(turns.presses.length, 0);
  });
});

function depsWith(turns: ScriptedTurns): BotDeps {
  return {
    identity: { kind: 'UserAssignedMSI', appId: 'app', tenantId: TENANT },
    turns,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    identify: async () => ({ kind: 'person', person: TAKAHASHI }),
    reply: async () => undefined,
    learn: async () => undefined,
    forget: async () => undefined,
    drawAnswer: ({ notice }, lang) =>
      drawPlainly({ notice, revision: 1 } as Parameters<typeof drawPlainly>[0], lang),
  };
}

function executed(trigger: string | undefined): InboundActivity {
  const data = { card: 'card-1', button: 'acknowledge', nonce: 'nonce-1' };
  return InboundActivity.parse({
    type: 'invoke',
    name: 'adaptiveCard/action',
    channelId: 'msteams',
    serviceUrl: 'https://smba.trafficmanager.net/jp/',
    from: { id: '29:1', aadObjectId: TAKAHASHI.aadObjectId },
    recipient: { id: '28:bot' },
    conversation: { id: 'a:1', conversationType: 'personal' },
    value: { action: { type: 'Action.Execute', verb: 'acknowledge', data }, trigger },
  });
}
