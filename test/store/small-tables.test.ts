import assert from 'node:assert/strict';
import { OpsBotError } from '../../src/core/errors.ts';
import { aConversation, alertId, anAlert, at, cardId, personKey } from './examples.ts';
import { onBothEngines } from './on-both-engines.ts';

onBothEngines(
  'alerts',
  (given) => {
    it('are open once per problem', async () => {
      await given.store.write((tx) => tx.alerts.put(anAlert()));

      const second = given.store.write((tx) => tx.alerts.put(anAlert({ id: alertId('a-2') })));

      await assert.rejects(
        second,
        (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
      );
    });

    it('come back, are found by key and card, and leave the list once resolved', async () => {
      const snoozed = anAlert({ state: 'snoozed', snoozedUntilAt: at('05:00:00') });
      const resolved = anAlert({ state: 'resolved', resolvedAt: at('06:00:00') });
      await given.store.write((tx) => tx.alerts.put(snoozed));
      const open = await given.store.read(async (tx) => ({
        byKey: await tx.alerts.openByKey(snoozed.key),
        list: await tx.alerts.listOpen(),
      }));
      await given.store.write((tx) => tx.alerts.put(resolved));

      const later = await given.store.read(async (tx) => ({
        byKey: await tx.alerts.openByKey(snoozed.key),
        byCard: await tx.alerts.byCard(cardId('c-alert')),
        byId: await tx.alerts.get(snoozed.id),
        list: await tx.alerts.listOpen(),
      }));

      assert.deepEqual(open, { byKey: snoozed, list: [snoozed] });
      assert.deepEqual(later, { byKey: undefined, byCard: resolved, byId: resolved, list: [] });
    });

    it('may be raised anew after the end', async () => {
      await given.store.write(async (tx) => {
        await tx.alerts.put(anAlert({ state: 'resolved' }));
        await tx.alerts.put(anAlert({ id: alertId('a-2'), raisedAt: at('07:00:00') }));
      });

      const found = await given.store.read((tx) => tx.alerts.byCard(cardId('c-alert')));
      assert.equal(found?.id, 'a-2');
    });
  },
  { fresh: 'each' },
);

onBothEngines(
  'timers',
  (given) => {
    it('are one per kind and subject, taken once, soonest first', async () => {
      await given.store.write(async (tx) => {
        await tx.timers.set({ kind: 'sign-in', subject: 'b', dueAt: at('01:00:00') });
        await tx.timers.set({ kind: 'sign-in', subject: 'a', dueAt: at('00:30:00') });
        await tx.timers.set({ kind: 'sign-in', subject: 'b', dueAt: at('00:20:00') });
        await tx.timers.set({ kind: 'after-check', subject: 'b', dueAt: at('02:00:00') });
        await tx.timers.set({ kind: 'alert-snooze', subject: 'x', dueAt: at('00:10:00') });
        await tx.timers.clear('alert-snooze', 'x');
      });

      const due = await given.store.write((tx) => tx.timers.takeDue(at('01:00:00'), 10));
      const again = await given.store.write((tx) => tx.timers.takeDue(at('01:00:00'), 10));

      assert.deepEqual(due, [
        { kind: 'sign-in', subject: 'b', dueAt: at('00:20:00') },
        { kind: 'sign-in', subject: 'a', dueAt: at('00:30:00') },
      ]);
      assert.deepEqual(again, []);
    });

    it('stay when the work they started fails', async () => {
      const timer = { kind: 'sign-in' as const, subject: 'a', dueAt: at('01:00:00') };
      await given.store.write((tx) => tx.timers.set(timer));
      const work = given.store.write(async (tx) => {
        await tx.timers.takeDue(at('02:00:00'), 10);
        throw new Error('no');
      });
      await assert.rejects(work, /no/);

      const due = await given.store.write((tx) => tx.timers.takeDue(at('02:00:00'), 10));

      assert.deepEqual(due, [timer]);
    });

    it('are taken no more than asked for', async () => {
      await given.store.write(async (tx) => {
        for (const subject of ['a', 'b', 'c']) {
          await tx.timers.set({ kind: 'sign-in', subject, dueAt: at('01:00:00') });
        }
      });

      const due = await given.store.write((tx) => tx.timers.takeDue(at('01:00:00'), 2));

      assert.deepEqual(
        due.map((timer) => timer.subject),
        ['a', 'b'],
      );
    });
  },
  { fresh: 'each' },
);

onBothEngines(
  'conversations',
  (given) => {
    const channel = (conversationId: string, teamId: string, time: string) =>
      aConversation({ conversationId, kind: 'channel', teamId, learnedAt: at(time) });

    it('keep the newest reference as it is, one personal conversation a person', async () => {
      const moved = aConversation({ conversationId: 'a:2', learnedAt: at('02:00:00') });
      await given.store.write(async (tx) => {
        await tx.conversations.learn(aConversation());
        await tx.conversations.learn(moved);
      });

      const found = await given.store.read(async (tx) => ({
        old: await tx.conversations.get('a:1'),
        personal: await tx.conversations.personal(personKey('yamamoto')),
        list: await tx.conversations.list(),
      }));

      assert.deepEqual(found, { old: undefined, personal: moved, list: [moved] });
    });

    it('are suspended until they are learned anew', async () => {
      await given.store.write(async (tx) => {
        await tx.conversations.learn(aConversation());
        await tx.conversations.suspend('a:1', 'blocked');
      });
      const suspended = await given.store.read((tx) => tx.conversations.get('a:1'));

      await given.store.write((tx) => tx.conversations.learn(aConversation()));

      const learned = await given.store.read((tx) => tx.conversations.get('a:1'));
      assert.equal(suspended?.suspended, 'blocked');
      assert.deepEqual(learned, aConversation());
    });

    it('send alerts to General of the first team, until a lead chooses', async () => {
      const alertChannel = async () =>
        (await given.store.read((tx) => tx.conversations.alertChannel()))?.conversationId;
      await given.store.write(async (tx) => {
        await tx.conversations.learn(
          channel('19:ops@thread.tacv2', '19:team1@thread.tacv2', '01:00:00'),
        );
        await tx.conversations.learn(
          channel('19:team1@thread.tacv2', '19:team1@thread.tacv2', '01:01:00'),
        );
        await tx.conversations.learn(
          channel('19:team2@thread.tacv2', '19:team2@thread.tacv2', '01:02:00'),
        );
        // A newer word from the first team does not make it the second.
        await tx.conversations.learn(
          channel('19:team1@thread.tacv2', '19:team1@thread.tacv2', '09:00:00'),
        );
      });
      const before = await alertChannel();
      await given.store.write((tx) => tx.conversations.setAlertChannel('19:ops@thread.tacv2'));
      const chosen = await alertChannel();
      await given.store.write((tx) => tx.conversations.forget('19:ops@thread.tacv2'));

      assert.equal(before, '19:team1@thread.tacv2');
      assert.equal(chosen, '19:ops@thread.tacv2');
      assert.equal(await alertChannel(), '19:team1@thread.tacv2');
    });
  },
  { fresh: 'each' },
);

onBothEngines('settings', (given) => {
  it('are set, changed and removed', async () => {
    const values: (string | undefined)[] = [];
    for (const value of ['a', 'b', undefined]) {
      await given.store.write((tx) => tx.settings.set('name', value));
      values.push(await given.store.read((tx) => tx.settings.get('name')));
    }

    assert.deepEqual(values, ['a', 'b', undefined]);
  });
});
