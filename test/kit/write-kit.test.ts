import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { OpsBotError } from '../../src/core/errors.ts';
import { makeKeyPair } from '../../src/keys/es256.ts';
import { kitFiles, writeKit, zipKit } from '../../src/kit/write-kit.ts';
import { OSAKA, PROFILE, SV1 } from '../support/door-world.ts';

const TOKEN = 'q'.repeat(22);
const input = {
  machine: SV1,
  site: { ...OSAKA, proxyUrl: 'http://proxy-w.corp.example:8080' },
  profile: { ...PROFILE, tags: { Datacenter: '{code}' } },
  bot: { url: 'https://bot.corp.example', aud: 'aud-1', botKey: makeKeyPair().publicKey },
};

describe('kitFiles', () => {
  it('holds the scripts, texts and settings of one server and no secret', () => {
    const files = kitFiles(input);

    assert.deepEqual(
      files.map(({ path, mode }) => [path, mode.toString(8)]),
      [
        ['onboard.sh', '755'],
        ['door.sh', '644'],
        ['texts.ja.txt', '644'],
        ['texts.en.txt', '644'],
        ['README.txt', '644'],
        ['settings.conf', '644'],
      ],
    );
    const settings = textOf(files, 'settings.conf');
    for (const line of [
      'bot_url=https://bot.corp.example',
      'machine=SV-OSK-01',
      'tags=Datacenter=osaka-01',
      'proxy_bypass=Arc',
      'probe=AMA japaneast.handler.control.monitor.azure.com 443 proxy',
      'probe=MDE crl.microsoft.com 80 proxy',
    ]) {
      assert.ok(settings.split('\n').includes(line), line);
    }
  });

  it('holds the scripts of Windows for a Windows server, and its own README', () => {
    const files = kitFiles({ ...input, machine: { ...SV1, os: 'Windows Server 2022' } });

    assert.deepEqual(
      files.map(({ path }) => path),
      [
        'Onboard.cmd',
        'Onboard.ps1',
        'Door.ps1',
        'Windows.ps1',
        'texts.ja.txt',
        'texts.en.txt',
        'README.txt',
        'settings.conf',
      ],
    );
    assert.match(textOf(files, 'README.txt'), /Onboard\.cmd/);
    assert.match(
      textOf(files, 'settings.conf'),
      /^extensions_allowlist=.*AzureMonitorWindowsAgent$/m,
    );
  });

  it('puts a token only where it was asked for, alone in a file of mode 0600', () => {
    const files = kitFiles({ ...input, withToken: TOKEN });

    const holding = files.filter(({ bytes }) => Buffer.from(bytes).includes(TOKEN));

    assert.deepEqual(
      holding.map(({ path, mode }) => [path, mode]),
      [['token', 0o600]],
    );
  });

  it('refuses settings that would not be read as they are meant', () => {
    for (const wrong of [
      { ...input, machine: { ...SV1, serial: 'A\nbot_url=http://evil.example' } },
      { ...input, bot: { ...input.bot, url: 'https://bot.example/path?x' } },
      { ...input, bot: { ...input.bot, botKey: 'short' } },
      { ...input, withToken: 'too short' },
    ]) {
      assert.throws(
        () => kitFiles(wrong),
        (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
      );
    }
  });

  it('writes a folder with these modes, and a zip that unpacks to the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'write-kit-'));
    try {
      const files = kitFiles({ ...input, withToken: TOKEN });
      await writeKit(join(folder, 'kit'), files);
      const zip = zipKit({ ...input, withToken: TOKEN }, files);

      const unpacked = unzipSync(zip);

      for (const { path, bytes, mode } of files) {
        assert.deepEqual(readFileSync(join(folder, 'kit', path)), Buffer.from(bytes));
        assert.equal(statSync(join(folder, 'kit', path)).mode & 0o777, mode, path);
        assert.deepEqual(Buffer.from(unpacked[`SV-OSK-01/${path}`] ?? []), Buffer.from(bytes));
      }
      assert.deepEqual(
        modesInZip(Buffer.from(zip)),
        files.map(({ mode }) => mode),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function textOf(files: ReturnType<typeof kitFiles>, path: string): string {
  return Buffer.from(files.find((file) => file.path === path)?.bytes ?? []).toString('utf8');
}

/** Unix modes out of the central directory (APPNOTE 4.4.15). */
function modesInZip(zip: Buffer): number[] {
  const modes: number[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    modes.push((zip.readUInt32LE(at + 38) >>> 16) & 0o777);
  }
  return modes;
}
