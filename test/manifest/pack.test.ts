import assert from 'node:assert/strict';
import { AppManifestUtils, type TeamsManifest } from '@microsoft/app-manifest';
import { strFromU8, unzipSync } from 'fflate';
import { manifestOf, packManifest } from '../../manifest/pack.ts';
import { OpsBotError } from '../../src/core/errors.ts';

const BOT = '00000000-0000-4000-8000-0000000000b1';
const APP = '00000000-0000-4000-8000-0000000000b2';
const app = {
  botAppId: BOT,
  teamsAppId: APP,
  publicUrl: 'https://bot.corp.example/teams',
  version: '1.4.0',
} as const;

interface Manifest {
  readonly id: string;
  readonly version: string;
  readonly validDomains: readonly string[];
  readonly bots: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly commandLists: readonly {
      readonly scopes: readonly string[];
      readonly commands: readonly { readonly title: string; readonly description: string }[];
    }[];
  }[];
}

function unpacked(): { files: Record<string, Uint8Array>; manifest: Manifest } {
  const files = unzipSync(packManifest(app));
  return { files, manifest: JSON.parse(strFromU8(files['manifest.json'] as Uint8Array)) };
}

function pngOf(bytes: Uint8Array): { width: number; height: number; colorType: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  return { width: view.getUint32(16), height: view.getUint32(20), colorType: bytes[25] ?? -1 };
}

describe('the app package', () => {
  it('holds the manifest, both icons and the English texts at its top', () => {
    const names = Object.keys(unpacked().files);

    assert.deepEqual(names.sort(), ['color.png', 'en.json', 'manifest.json', 'outline.png']);
  });

  it('is valid by the schema of Teams', async () => {
    const manifest = unpacked().manifest as unknown as TeamsManifest;

    assert.deepEqual(await AppManifestUtils.validateAgainstSchema(manifest), []);
  });

  it('is valid with single sign-on too, and with neither address nor own app id', async () => {
    const manifest = manifestOf({ botAppId: BOT, singleSignOn: true });

    const found = await AppManifestUtils.validateAgainstSchema(
      manifest as unknown as TeamsManifest,
    );
    assert.deepEqual(found, []);
    assert.equal(manifest.id, BOT);
    assert.deepEqual(manifest.webApplicationInfo, { id: BOT, resource: `api://botid-${BOT}` });
  });

  it('carries the ids, version and host it was packed for', () => {
    const { manifest, files } = unpacked();

    assert.equal(manifest.id, APP);
    assert.equal(manifest.version, '1.4.0');
    assert.equal(manifest.bots[0]?.botId, BOT);
    assert.deepEqual(manifest.validDomains, ['bot.corp.example']);
    assert.ok(!strFromU8(files['manifest.json'] as Uint8Array).includes('{{'));
  });

  it('offers commands in the chat and in the team', () => {
    const [bot] = unpacked().manifest.bots;

    assert.deepEqual(bot?.scopes, ['personal', 'team']);
    assert.deepEqual(
      bot?.commandLists.map(({ scopes }) => scopes),
      [['personal'], ['team']],
    );
  });

  it('says every command in English too, within the lengths that Teams takes', () => {
    const { manifest, files } = unpacked();
    const english = JSON.parse(strFromU8(files['en.json'] as Uint8Array)) as Record<string, string>;

    manifest.bots[0]?.commandLists.forEach(({ commands }, list) => {
      assert.ok(commands.length <= 10);
      commands.forEach(({ title, description }, at) => {
        const key = `bots[0].commandLists[${list}].commands[${at}]`;
        for (const one of [title, english[`${key}.title`]]) {
          assert.ok(one !== undefined && one.length <= 32, `${key}: ${one}`);
        }
        for (const one of [description, english[`${key}.description`]]) {
          assert.ok(one !== undefined && one.length <= 128, `${key}: ${one}`);
        }
      });
    });
    for (const [key, most] of [
      ['name.short', 30],
      ['name.full', 100],
      ['description.short', 80],
      ['description.full', 4000],
    ] as const) {
      assert.ok((english[key] ?? '').length > 0 && (english[key] ?? '').length <= most, key);
    }
  });

  it('has a full colour icon of 192 and a transparent outline of 32 pixels', () => {
    const { files } = unpacked();

    const color = pngOf(files['color.png'] as Uint8Array);
    const outline = pngOf(files['outline.png'] as Uint8Array);

    assert.deepEqual([color.width, color.height], [192, 192]);
    assert.deepEqual([outline.width, outline.height], [32, 32]);
    // 6: red, green, blue and alpha.
    assert.equal(outline.colorType, 6);
  });

  it('is the same bytes for the same settings', () => {
    assert.deepEqual(packManifest(app), packManifest(app));
  });

  it('refuses ids, versions and addresses that Teams would not take', () => {
    for (const wrong of [
      { ...app, botAppId: 'bot' },
      { ...app, teamsAppId: '' },
      { ...app, version: '1.0' },
      { ...app, version: '01.0.0' },
      { ...app, publicUrl: 'http://bot.corp.example' },
      { ...app, publicUrl: 'bot.corp.example' },
    ]) {
      assert.throws(
        () => packManifest(wrong),
        (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
      );
    }
  });
});
