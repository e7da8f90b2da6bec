import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { settingsAs } from '../../src/demo/playground.ts';

const ROOT = new URL('../../', import.meta.url);
const SETTINGS = readFileSync(new URL('.m365agentsplayground.yml', ROOT), 'utf8');
const PEOPLE = readFileSync(new URL('samples/rollout/people.csv', ROOT), 'utf8')
  .split('\n')
  .map((line) => line.split(','));

function usersOf(settings: string): { id: string; objectId: string }[] {
  const user = /^ {2}- id: (\S+)\n(?: {4}.*\n)*? {4}aadObjectId: (\S+)$/gm;
  return [...settings.matchAll(user)].map(([, id = '', objectId = '']) => ({ id, objectId }));
}

function currentOf(settings: string): string {
  return /^currentUser:\n((?: {2}.*\n)+)/m.exec(settings)?.[1] ?? '';
}

describe('settings of the Playground', () => {
  it('name five people with the object ids of the sample roll-out', () => {
    const users = usersOf(SETTINGS);

    const known = users.map(({ id }) => PEOPLE.find(([key]) => key === id)?.[7]);

    assert.deepEqual(
      users.map(({ id }) => id),
      ['ito', 'takahashi', 'tanaka', 'yamamoto', 'morgan'],
    );
    assert.deepEqual(
      users.map(({ objectId }) => objectId),
      known,
    );
  });

  it('put the person asked for in the place of the current user', () => {
    const settings = settingsAs('yamamoto', SETTINGS);

    const current = currentOf(settings);

    assert.match(current, /^ {2}id: me-yamamoto\n {2}name: 山本 陽\n/);
    assert.match(current, /^ {2}aadObjectId: 00000000-0000-4000-8000-000000000107$/m);
    assert.match(settings, /^personalChat:\n {2}id: personal-chat-yamamoto$/m);
    assert.deepEqual(usersOf(settings), usersOf(SETTINGS));
  });

  it('stand as they are for takahashi', () => {
    assert.equal(settingsAs('takahashi', SETTINGS), SETTINGS);
  });

  it('refuse someone who is not among them, and say who is', () => {
    assert.throws(
      () => settingsAs('nobody', SETTINGS),
      /nobody: use one of ito, takahashi, tanaka, yamamoto, morgan/,
    );
  });
});
