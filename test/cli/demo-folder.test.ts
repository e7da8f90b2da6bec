import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { makeScratch } from '../../src/demo/scratch.ts';
import { openStore } from '../../src/store/open.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { Folder } from './command-line.ts';

describe('the folder of a demo', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('is refused where anything else lies in it, which stays as it was', async () => {
    mkdirSync(folder.data);
    writeFileSync(`${folder.data}/mine.txt`, 'mine');

    const { exit, err } = await folder.run('demo', '--once');

    assert.equal(exit, 78);
    assert.match(err, /not empty/);
    assert.deepEqual(readdirSync(folder.data), ['mine.txt']);
    assert.equal(readFileSync(`${folder.data}/mine.txt`, 'utf8'), 'mine');
  });

  it('starts anew where an earlier demo ended, and is kept afterwards', async () => {
    const first = await makeScratch(folder.data);
    writeFileSync(`${folder.data}/demo.json`, '{}');
    first.remove();

    const second = await makeScratch(folder.data);
    second.remove();

    assert.deepEqual(readdirSync(folder.data), ['.made-by-demo']);
  });

  it('is left alone while another demo runs on it', async () => {
    const { remove } = await makeScratch(folder.data);
    const options = { kind: 'sqlite', dataDir: folder.data } as const;
    const running = await openStore(options, { clock: new FixedClock() });

    const { exit, err } = await folder.run('demo', '--once');

    assert.equal(exit, 1);
    assert.match(err, /Another process/);
    await running.read((tx) => tx.settings.get('aud'));
    await running.close();
    remove();
  });
});
