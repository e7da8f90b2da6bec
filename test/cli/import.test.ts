import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Folder, TABLES } from './command-line.ts';

describe('import and export', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('keeps the sample, and changes nothing the second time', async () => {
    const first = await folder.json('import', ...TABLES);
    const before = await folder.run('export', '--format', 'json');
    const second = await folder.json('import', ...TABLES);

    assert.equal(first.exit, 0);
    assert.deepEqual(first.document.counts, {
      profiles: { added: 3, changed: 0, same: 0 },
      sites: { added: 27, changed: 0, same: 0 },
      machines: { added: 62, changed: 0, same: 0 },
      people: { added: 15, changed: 0, same: 0 },
    });
    assert.deepEqual(second.document.counts, {
      profiles: { added: 0, changed: 0, same: 3 },
      sites: { added: 0, changed: 0, same: 27 },
      machines: { added: 0, changed: 0, same: 62 },
      people: { added: 0, changed: 0, same: 15 },
    });
    assert.equal((await folder.run('export', '--format', 'json')).out, before.out);
    assert.equal((await folder.json('audit')).document.rows.length, 1);
  });

  it('takes the files singly and in any order', async () => {
    for (const table of TABLES.toReversed()) {
      const { exit, err } = await folder.run('import', table);
      assert.equal(exit, 0, err);
    }

    const { document } = await folder.json('ask', '大阪支店の状況は?');

    assert.deepEqual(document.slots, { sites: ['osaka-01'] });
  });

  it('names wrong rows by number and keeps none of the right ones', async () => {
    const [, sites = ''] = TABLES;
    const rows = readFileSync(sites, 'utf8').trimEnd().split('\n');
    const wrong = [...rows.slice(0, 4), 'bad-01,名前だけ', ...rows.slice(4)].join('\n');
    writeFileSync(folder.path('sites.csv'), wrong);

    const ran = await folder.run('import', folder.path('sites.csv'));
    const asJson = await folder.json('import', folder.path('sites.csv'));

    assert.equal(ran.exit, 2);
    assert.equal(ran.out, '');
    assert.match(ran.err, /sites\.csv:5/);
    assert.equal(asJson.exit, 2);
    assert.equal(asJson.document.ok, false);
    assert.equal(asJson.document.errors[0].row, 5);
    assert.deepEqual((await folder.json('export')).document.sites, []);
  });

  it('refuses what is no table', async () => {
    writeFileSync(folder.path('noise.csv'), Buffer.from([0, 255, 3, 200, 7, 0]));

    const { exit, err } = await folder.run('import', folder.path('noise.csv'));

    assert.equal(exit, 2);
    assert.match(err, /noise\.csv/);
  });

  it('tells with --dry-run what would change, and keeps nothing', async () => {
    const dry = await folder.json('import', '--dry-run', ...TABLES);

    assert.equal(dry.exit, 0);
    assert.equal(dry.document.dryRun, true);
    assert.deepEqual(dry.document.counts.sites, { added: 27, changed: 0, same: 0 });
    assert.deepEqual((await folder.json('export')).document.sites, []);
    assert.equal((await folder.json('audit')).document.rows.length, 0);
  });

  it('reads its own export again, as CSV on stdin too, and finds nothing changed', async () => {
    await folder.run('import', ...TABLES);
    const csv = await folder.run('export');
    const files = await folder.run('export', '--out', folder.path('out'));
    const other = new Folder();

    const added = await other.with({ stdin: csv.out }, 'import', '-', '--json');
    const names = files.out.trimEnd().split('\n');
    const again = await other.json('import', ...names.map((name) => folder.path(`out/${name}`)));

    assert.equal(added.exit, 0, added.err);
    assert.equal(JSON.parse(added.out).counts.machines.added, 62);
    assert.deepEqual(again.document.counts.people, { added: 0, changed: 0, same: 15 });
    assert.equal((await other.run('export')).out, csv.out);
    other.remove();
  });
});
