import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { Folder, run } from './command-line.ts';

const MicrosoftAppId = '00000000-0000-4000-8000-0000000000b0';

describe('manifest', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('writes the Teams app package for this bot, and needs no store', async () => {
    const path = folder.path('app.zip');

    const { exit, out } = await run(['manifest', '--out', path], { env: { MicrosoftAppId } });

    assert.equal(exit, 0);
    assert.equal(out, `${path}\n`);
    const files = unzipSync(readFileSync(path));
    const manifest = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString('utf8'));
    assert.equal(manifest.bots[0].botId, MicrosoftAppId);
    assert.ok(files['color.png'] && files['outline.png']);
    assert.ok(!existsSync(folder.data));
  });

  it('needs the id of the bot', async () => {
    const { exit, err } = await run(['manifest', '--out', folder.path('app.zip')]);

    assert.equal(exit, 78);
    assert.match(err, /MicrosoftAppId/);
    assert.ok(!existsSync(folder.path('app.zip')));
  });
});
