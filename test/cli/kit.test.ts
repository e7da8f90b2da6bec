import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { openStore } from '../../src/store/open.ts';
import { anAzureMachine } from '../support/builders.ts';
import { Folder } from './command-line.ts';

const env = {
  CODE_KEY: Buffer.alloc(32, 7).toString('base64'),
  PUBLIC_URL: 'https://bot.corp.example',
};

describe('kit', () => {
  let folder: Folder;
  before(async () => {
    folder = await Folder.imported();
  });
  after(() => folder.remove());

  it('writes a folder and a zip of the same files, without a secret', async () => {
    const out = folder.path('kits');

    const { exit, err } = await folder.with({ env }, 'kit', 'sv-osk-03', '--out', out);

    assert.equal(exit, 0, err);
    const names = readdirSync(join(out, 'SV-OSK-03')).sort();
    const zipped = unzipSync(readFileSync(join(out, 'SV-OSK-03.zip')));
    assert.deepEqual(
      Object.keys(zipped).sort(),
      names.map((name) => `SV-OSK-03/${name}`),
    );
    for (const name of names) {
      const bytes = readFileSync(join(out, 'SV-OSK-03', name));
      assert.ok(bytes.equals(zipped[`SV-OSK-03/${name}`] ?? Buffer.alloc(0)), name);
    }
    assert.ok(names.includes('onboard.sh') && names.includes('settings.conf'));
    assert.ok(!names.includes('token'));
    assert.equal(modeOf(join(out, 'SV-OSK-03/onboard.sh')) & 0o111, 0o111);
    assert.match(
      readFileSync(join(out, 'SV-OSK-03/settings.conf'), 'utf8'),
      /https:\/\/bot\.corp\.example/,
    );
  });

  it('puts a token into a file that only its owner reads, and only when asked to', async () => {
    const out = folder.path('with-token');

    const ran = await folder.with({ env }, 'kit', 'SV-OSK-03', '--with-token', '--out', out);

    assert.equal(ran.exit, 0);
    const token = readFileSync(join(out, 'SV-OSK-03/token'), 'utf8').trim();
    assert.match(token, /^[\w-]{22,}$/);
    assert.equal(modeOf(join(out, 'SV-OSK-03/token')), 0o600);
    assert.equal(modeOf(join(out, 'SV-OSK-03.zip')), 0o600);
    assert.ok(!`${ran.out}${ran.err}`.includes(token));
    for (const name of readdirSync(folder.data)) {
      assert.ok(!readFileSync(join(folder.data, name), 'latin1').includes(token), name);
    }
  });

  it('tells the files in one document', async () => {
    const out = folder.path('json');

    const ran = await folder.with({ env }, 'kit', 'SV-OSK-03', '--out', out, '--json');

    const { folder: name, files } = JSON.parse(ran.out);
    assert.equal(name, 'SV-OSK-03');
    assert.ok(files.length > 4);
    for (const file of files) assert.ok(existsSync(join(out, file)), file);
  });

  it('says which settings it misses with 78, all of them', async () => {
    const { exit, out, err } = await folder.run('kit', 'SV-OSK-03', '--out', folder.path('none'));

    assert.equal(exit, 78);
    assert.equal(out, '');
    assert.match(err, /PUBLIC_URL/);
    assert.match(err, /CODE_KEY/);
    assert.ok(!existsSync(folder.path('none')));
  });
});

describe('commands', () => {
  let folder: Folder;
  before(async () => {
    folder = await Folder.imported();
  });
  after(() => folder.remove());

  it('prints the exact lines of a Linux server, with a certificate while sign-in is off', async () => {
    const { exit, document } = await folder.json('commands', 'SV-OSK-03');

    assert.equal(exit, 0);
    assert.equal(document.machine, 'SV-OSK-03');
    const connect = document.connect.join('\n');
    assert.match(connect, /azcmagent connect .*--resource-name SV-OSK-03/);
    assert.match(connect, /--private-link-scope \/subscriptions\//);
    assert.match(connect, /--tags /);
    assert.match(connect, /--service-principal-cert/);
    assert.match(document.check.join('\n'), /azcmagent check --location japaneast/);
    assert.match(document.proxy.join('\n'), /proxy\.bypass Arc/);
  });

  it('prints a device code line where it is asked for, or where sign-in is on', async () => {
    const settings = { ...env, SIGN_IN: 'device-code', SIGN_IN_POLICY: 'CA-Arc' };

    const asked = await folder.run('commands', 'SV-OSK-03', '--auth', 'device-code');
    const on = await folder.with({ env: settings }, 'commands', 'SV-OSK-03');

    assert.match(asked.out, /--use-device-code/);
    assert.match(asked.out, /--tenant-id/);
    assert.match(on.out, /--use-device-code/);
  });

  it('disconnects first where Azure calls the server Expired', async () => {
    const clock = { now: () => new Date() };
    const store = await openStore({ kind: 'sqlite', dataDir: folder.data }, { clock });
    const expired = anAzureMachine('SV-OSK-04', { status: 'expired' });
    await store.write((tx) => tx.evidence.keepAzure([expired], clock.now()));
    await store.close();

    const { document } = await folder.json('commands', 'SV-OSK-04');
    const other = await folder.json('commands', 'SV-OSK-03');

    const connect = document.connect.join('\n');
    assert.match(connect, /disconnect --force-local-only[\s\S]*azcmagent(?:\.exe"?)? connect /);
    assert.doesNotMatch(other.document.connect.join('\n'), /disconnect/);
  });

  it('speaks PowerShell to a Windows server', async () => {
    const { out } = await folder.run('commands', 'SV-OSK-01');

    assert.match(out, /azcmagent\.exe|azcmagent connect/);
    assert.doesNotMatch(out, /sudo/);
  });

  it('refuses another way of authentication with the list', async () => {
    const { exit, err } = await folder.run('commands', 'SV-OSK-03', '--auth', 'by-heart');

    assert.equal(exit, 2);
    assert.match(err, /device-code, certificate/);
  });
});

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
