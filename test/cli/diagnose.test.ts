import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MADE_CODES } from '../support/made-codes.ts';
import { Folder, type Json, run, runJson } from './command-line.ts';

const BIN = fileURLToPath(new URL('../../bin/arc-onboarding-bot.js', import.meta.url));
const HEALTHY = corpus('made-check-private-healthy-japaneast');
const DEAD_PROXY = corpus('sample-check-fail-dead-proxy-2023-09');

describe('diagnose', () => {
  it('judges a healthy check with exit 0, and has every member that is promised', async () => {
    const { exit, document } = await runJson(['diagnose', '-', '--route', 'private'], {
      stdin: HEALTHY,
    });

    assert.equal(exit, 0);
    assert.equal(document.kind, 'check');
    assert.equal(document.verdict, 'healthy');
    assert.deepEqual(document.errors, []);
    assert.equal(typeof document.facts, 'object');
    assert.ok(document.endpoints.length > 3);
    for (const endpoint of document.endpoints) {
      for (const member of ['url', 'expectedRoute', 'actualRoute', 'verdict', 'reachable']) {
        assert.ok(member in endpoint, member);
      }
    }
  });

  it('judges what is not healthy with exit 1, naming owner, cause and remedy twice', async () => {
    const { exit, document } = await runJson(['diagnose', '-'], { stdin: DEAD_PROXY });

    assert.equal(exit, 1);
    const [finding] = document.findings;
    assert.ok(['site', 'engineer', 'network'].includes(finding.owner));
    for (const words of [finding.cause, finding.remedy]) {
      assert.ok(words.ja.length > 0 && words.en.length > 0);
    }
    for (const member of ['id', 'severity', 'confidence', 'endpoints', 'commands', 'source']) {
      assert.ok(member in finding, member);
    }
  });

  it('tells in the terminal what the JSON says', async () => {
    const env = { LANG: 'ja_JP.UTF-8' };

    const { exit, out } = await run(['diagnose', '-'], { stdin: DEAD_PROXY, env });
    const { document } = await runJson(['diagnose', '-'], { stdin: DEAD_PROXY });

    assert.equal(exit, 1);
    assert.ok(out.replaceAll(/\s/g, '').includes(first(document.findings[0].cause.ja)));
  });

  it('answers what it cannot read with 2, and still with one document', async () => {
    for (const stdin of ['hello', '', Buffer.from([0, 159, 146, 150, 0, 7])]) {
      const plain = await run(['diagnose', '-'], { stdin });
      assert.equal(plain.exit, 2);
      assert.equal(plain.out, '');

      const { exit, document } = await runJson(['diagnose', '-'], { stdin });
      assert.equal(exit, 2);
      assert.equal(document.kind, 'unknown');
    }
    assert.equal((await run(['diagnose', '/nowhere/at/all.txt'])).exit, 2);
    assert.equal((await run(['diagnose', '-', '--route', 'by-sea'], { stdin: HEALTHY })).exit, 2);
  });

  it('removes a device code before anything else', async () => {
    const [code] = MADE_CODES;
    const stdin = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${code} to authenticate.`;

    const { exit, out, err, document } = await runJson(['diagnose', '-'], { stdin });

    assert.equal(exit, 1);
    assert.equal(document.kind, 'connect');
    assert.ok(document.findings.some((one: Json) => one.id === 'device-code-in-text'));
    assert.ok(!`${out}${err}`.includes(code));
  });

  it('answers several outputs with one document each', async () => {
    const { document } = await runJson(['diagnose', '-'], { stdin: `${SHOW}\n\n${HEALTHY}` });

    assert.equal(document.kind, 'show');
    assert.deepEqual(
      document.parts.map((part: Json) => part.kind),
      ['show', 'check'],
    );
  });

  it('reads what Windows wrote: UTF-16 from a PowerShell redirection', async () => {
    const folder = new Folder();
    const path = folder.path('check.txt');
    writeFileSync(path, Buffer.from(`\uFEFF${HEALTHY.replaceAll('\n', '\r\n')}`, 'utf16le'));

    const { exit, document } = await runJson(['diagnose', path, '--route', 'private']);

    assert.equal(exit, 0);
    assert.equal(document.kind, 'check');
    folder.remove();
  });

  it('makes no store, and nothing else, in the folder where it runs', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'diagnose-'));

    const { exit, out } = await child(['diagnose', '-', '--json'], cwd, DEAD_PROXY);

    assert.equal(exit, 1);
    assert.equal(JSON.parse(out).kind, 'check');
    assert.deepEqual(readdirSync(cwd), []);
    rmSync(cwd, { recursive: true });
  });

  describe('with --site', () => {
    let folder: Folder;
    before(async () => {
      folder = await Folder.imported();
    });
    after(() => folder.remove());

    it('judges by what the site expects', async () => {
      const { document } = await folder
        .with({ stdin: DEAD_PROXY }, ...['diagnose', '-', '--site', 'osaka-01', '--json'])
        .then(({ out }) => ({ document: JSON.parse(out) }));

      assert.ok(document.endpoints.every((one: Json) => one.expectedRoute !== undefined));
      assert.ok(document.endpoints.some((one: Json) => one.expectedRoute === 'private'));
    });

    it('refuses an unknown site with the list, also where no store is', async () => {
      const known = await folder.with({ stdin: HEALTHY }, 'diagnose', '-', '--site', 'atlantis-01');
      const nowhere = new Folder();
      const empty = await nowhere.with({ stdin: HEALTHY }, 'diagnose', '-', '--site', 'osaka-01');

      assert.equal(known.exit, 2);
      assert.match(known.err, /osaka-01/);
      assert.equal(empty.exit, 2);
      assert.deepEqual(readdirSync(nowhere.root), []);
      nowhere.remove();
    });
  });
});

const SHOW = corpus('sample-show-1-40-windows-connected');

function corpus(name: string): string {
  return readFileSync(new URL(`../corpus/cases/${name}.txt`, import.meta.url), 'utf8');
}

function first(sentences: string): string {
  return (sentences.split('。')[0] ?? '').replaceAll(/\s/g, '');
}

async function child(args: readonly string[], cwd: string, stdin: string) {
  const process_ = spawn(process.execPath, [BIN, ...args], { cwd, env: {} });
  let out = '';
  process_.stdout.on('data', (part) => {
    out += part;
  });
  process_.stdin.end(stdin);
  const exit = await new Promise<number | null>((resolve) => process_.on('close', resolve));
  return { exit, out };
}
