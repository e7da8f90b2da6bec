import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Kid, MachineName, PersonKey, SignInId, SiteCode } from '../../src/core/ids.ts';
import type { Store } from '../../src/core/ports.ts';
import { openStore } from '../../src/store/open.ts';
import { Folder } from './command-line.ts';

const env = {
  CODE_KEY: Buffer.alloc(32, 7).toString('base64'),
  PUBLIC_URL: 'https://bot.corp.example',
};
const NAME = 'SV-OSK-03' as MachineName;

describe('replace', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await Folder.imported();
  });
  afterEach(() => folder.remove());

  async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const clock = { now: () => new Date() };
    const store = await openStore({ kind: 'sqlite', dataDir: folder.data }, { clock });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  const enrolledAndOpen = () =>
    inStore((store) =>
      store.write(async (tx) => {
        const at = new Date();
        await tx.kits.putKey({
          kid: 'kid-1' as Kid,
          machine: NAME,
          publicKey: 'spki',
          alg: 'es256-der',
          serial: 'OLD',
          vmUuid: '00000000-0000-4000-8000-0000000000aa',
          state: 'active',
          enrolledAt: at,
          ack: 0,
          botKey: 'spki-bot',
          strayCodes: 0,
        });
        await tx.signIns.put({
          id: 'sign-in-1' as SignInId,
          machine: NAME,
          site: 'osaka-01' as SiteCode,
          openedBy: 'yamamoto' as PersonKey,
          openedAt: at,
          asked: [],
          progress: { state: 'opened', expiresAt: new Date(at.getTime() + 60_000) },
        });
      }),
    );

  it('closes the keys, ends the sign-in, keeps the serial and writes a kit with its token', async () => {
    await enrolledAndOpen();
    const out = folder.path('kits');

    const ran = await folder.with(
      { env },
      'replace',
      'sv-osk-03',
      '--serial',
      'JP-NEW-7',
      '--out',
      out,
    );

    assert.equal(ran.exit, 0, ran.err);
    const token = readFileSync(join(out, 'SV-OSK-03/token'), 'utf8').trim();
    assert.match(token, /^[\w-]{22}$/);
    assert.equal(statSync(join(out, 'SV-OSK-03/token')).mode & 0o777, 0o600);
    assert.equal(statSync(join(out, 'SV-OSK-03.zip')).mode & 0o777, 0o600);
    assert.ok(!`${ran.out}${ran.err}`.includes(token));
    assert.match(readFileSync(join(out, 'SV-OSK-03/settings.conf'), 'utf8'), /^serial=JP-NEW-7$/m);
    await inStore((store) =>
      store.read(async (tx) => {
        assert.equal((await tx.rollOut()).machine(NAME)?.serial, 'JP-NEW-7');
        assert.equal((await tx.kits.key('kid-1' as Kid))?.state, 'closed');
        assert.equal(await tx.signIns.openFor(NAME), undefined);
        const events = (await tx.audit.list({ machine: NAME })).map(({ event, by }) => [event, by]);
        assert.ok(events.some(([event, by]) => event === 'machine-replaced' && by === 'terminal'));
        assert.ok(events.some(([event]) => event === 'token-issued'));
      }),
    );
  });

  it('tells the files in one document', async () => {
    const out = folder.path('json');

    const words = ['replace', 'SV-OSK-03', '--serial', 'JP-NEW-7', '--out', out, '--json'];
    const ran = await folder.with({ env }, ...words);

    const { folder: name, files } = JSON.parse(ran.out);
    assert.equal(name, 'SV-OSK-03');
    for (const file of files) assert.ok(existsSync(join(out, file)), file);
  });

  it('changes nothing where it refuses: no serial, a wrong one, another server’s, no settings', async () => {
    await enrolledAndOpen();
    const other = await inStore((store) =>
      store.read(async (tx) => (await tx.rollOut()).machine('SV-OSK-01')?.serial ?? ''),
    );
    const replace = (...words: string[]) =>
      folder.with({ env }, 'replace', ...words, '--out', folder.path('none'));

    const refused = [
      await replace('SV-OSK-03'),
      await replace('SV-OSK-03', '--serial', '$(id)'),
      await replace('SV-NOT-99', '--serial', 'JP-NEW-7'),
      await replace('SV-OSK-03', '--serial', other.toLowerCase()),
      await folder.run(
        'replace',
        'SV-OSK-03',
        '--serial',
        'JP-NEW-7',
        '--out',
        folder.path('none'),
      ),
    ];

    assert.deepEqual(
      refused.map(({ exit }) => exit),
      [2, 2, 2, 1, 78],
    );
    assert.ok(!existsSync(folder.path('none')));
    await inStore((store) =>
      store.read(async (tx) => {
        assert.notEqual((await tx.rollOut()).machine(NAME)?.serial, 'JP-NEW-7');
        assert.equal((await tx.kits.key('kid-1' as Kid))?.state, 'active');
      }),
    );
  });

  it('gives no new life to a server that was retired', async () => {
    await inStore((store) =>
      store.write((tx) => tx.evidence.mark(NAME, { retiredAt: new Date() })),
    );

    const ran = await folder.with({ env }, 'replace', 'SV-OSK-03', '--serial', 'JP-NEW-7');

    assert.equal(ran.exit, 1);
    assert.match(ran.err, /SV-OSK-03/);
  });
});
