import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Folder, TABLES } from './command-line.ts';

describe('audit and doctor', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('lists what happened and that the chain holds, as text, JSON and CSV', async () => {
    await folder.run('import', ...TABLES);

    const text = await folder.run('audit');
    const { exit, document } = await folder.json('audit');
    const csv = await folder.run('audit', '--format', 'csv');
    const ofSite = await folder.json('audit', '--site', 'osaka-01');

    assert.equal(exit, 0);
    assert.equal(document.chain.holds, true);
    assert.equal(document.rows[0].event, 'imported');
    assert.match(text.out, /imported/);
    assert.match(csv.out, /^seq,at,event,by,site,machine,facts,hash\n1,/);
    assert.deepEqual(ofSite.document.rows, []);
  });

  it('says with exit 1 that someone changed the trail', async () => {
    // Without a profile, doctor asks no Azure.
    await folder.run('import', TABLES[3] ?? '');
    const before = await folder.json('audit');
    const database = new DatabaseSync(join(folder.data, 'store.db'));
    const changed = database.prepare("UPDATE audit SET facts = '{}' WHERE seq = 1").run();
    database.close();

    const { exit, document } = await folder.json('audit');
    const doctor = await folder.json('doctor');

    assert.equal(before.exit, 0);
    assert.equal(Number(changed.changes), 1);
    assert.equal(exit, 1);
    assert.equal(document.chain.holds, false);
    assert.equal(document.chain.brokenAt, 1);
    assert.equal(look(doctor.document, 'audit').state, 'failed');
  });

  it('looks at a new folder and says how to mend each thing, in both languages', async () => {
    const { exit, document } = await folder.json('doctor');
    const text = await folder.with({ env: { LANG: 'ja_JP.UTF-8' } }, 'doctor');

    assert.equal(exit, 1);
    for (const name of [
      'settings',
      'store',
      'audit',
      'people',
      'channel',
      'azure',
      'teams',
      'clock',
    ]) {
      const one = look(document, name);
      assert.ok(one.text.ja.length > 0 && one.text.en.length > 0, name);
    }
    assert.match(look(document, 'settings').text.en, /CODE_KEY/);
    assert.match(look(document, 'store').text.en, /import/);
    assert.equal(look(document, 'azure').state, 'not-verified');
    assert.match(text.out, /要対応/);
    assert.equal(text.out.trimEnd().split('\n').length, document.checks.length);
  });
});

function look(
  document: { checks: { check: string; state: string; text: Record<'ja' | 'en', string> }[] },
  name: string,
) {
  const found = document.checks.find(({ check }) => check === name);
  assert.ok(found, name);
  return found;
}
