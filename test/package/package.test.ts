import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = 'arc-onboarding-bot';
/** What a build and a pack need; a copy, so that no `dist` appears beside the sources people work on. */
const COPIED = ['bin', 'src', 'cards', 'kit', 'manifest', 'samples', 'docs'];
const execute = promisify(execFile);

describe('the package', function () {
  this.timeout(60_000);
  let root: string;
  let installed: string;
  let packed: string[];

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'package-'));
    const copy = join(root, 'copy');
    mkdirSync(copy);
    const files = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
    for (const name of [...COPIED, ...files]) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await npm(copy, 'run', 'build');
    const { stdout } = await npm(copy, 'pack', '--json', '--ignore-scripts', '--offline');
    const [{ filename, files: listed }] = JSON.parse(stdout);
    packed = listed.map(({ path }: { path: string }) => path);

    // What `npm i` of the tarball would make, without asking a registry for its dependencies.
    installed = join(root, 'app');
    const modules = join(installed, 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    await execute('tar', ['-xzf', join(copy, filename), '-C', modules]);
    await execute('mv', [join(modules, 'package'), join(modules, NAME)]);
    const { dependencies, bin } = JSON.parse(
      readFileSync(join(modules, NAME, 'package.json'), 'utf8'),
    );
    for (const name of Object.keys(dependencies)) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    symlinkSync(join('..', NAME, bin[NAME]), join(modules, '.bin', NAME));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('holds what is needed at run time, and neither sources nor tests', () => {
    for (const path of [
      'bin/arc-onboarding-bot.js',
      'dist/src/index.js',
      'dist/cards/sign-in.json',
      'dist/src/core/endpoints/endpoints.json',
      'cards/sign-in.json',
      'kit/onboard.sh',
      'kit/door.sh',
      'kit/Onboard.ps1',
      'manifest/manifest.json',
      'manifest/color.png',
      'samples/rollout/people.csv',
      'samples/questions/examples.jsonl',
      'src/sim/azcmagent/azcmagent',
      '.m365agentsplayground.yml',
      'docs/door.md',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
    ]) {
      assert.ok(packed.includes(path), path);
    }
    assert.deepEqual(
      packed.filter((path) => path.endsWith('.ts') || path.startsWith('test/')),
      [],
    );
    assert.equal(
      statSync(join(installed, 'node_modules', NAME, 'kit/onboard.sh')).mode & 0o111,
      0o111,
    );
  });

  it('runs as compiled JavaScript from node_modules: diagnose on an empty folder', async () => {
    const text = readFileSync(
      new URL('../corpus/cases/sample-check-fail-dead-proxy-2023-09.txt', import.meta.url),
    );

    const { exit, out, err } = await bot(['diagnose', '-', '--json'], text);

    assert.equal(exit, 1, err);
    assert.equal(JSON.parse(out).kind, 'check');
    assert.deepEqual(readdirSync(installed), ['node_modules']);
  });

  it('imports the sample, answers a question, and finds all its files', async () => {
    const samples = join(installed, 'node_modules', NAME, 'samples/rollout');
    const tables = readdirSync(samples).map((name) => join(samples, name));
    const env = {
      CODE_KEY: Buffer.alloc(32, 3).toString('base64'),
      PUBLIC_URL: 'https://bot.corp.example',
      MicrosoftAppId: '00000000-0000-4000-8000-0000000000b0',
    };

    const imported = await bot(['import', ...tables]);
    const asked = await bot(['ask', '大阪支店の状況は?', '--json']);
    const kit = await bot(['kit', 'SV-OSK-03', '--out', 'kits'], '', env);
    const manifest = await bot(['manifest', '--out', 'app.zip'], '', env);

    assert.equal(imported.exit, 0, imported.err);
    assert.equal(asked.exit, 0, asked.err);
    assert.equal(JSON.parse(asked.out).intent, 'site-status');
    assert.equal(kit.exit, 0, kit.err);
    assert.ok(existsSync(join(installed, 'kits/SV-OSK-03/onboard.sh')));
    assert.equal(manifest.exit, 0, manifest.err);
    assert.ok(existsSync(join(installed, 'app.zip')));
  });

  it('says which Node it needs where an older one runs it, and exits 78', async function () {
    const older = await olderNode();
    if (older === undefined) {
      process.stderr.write('    no Node older than 24 on this machine: not tried\n');
      return this.skip();
    }

    const { exit, out, err } = await bot(['diagnose', '-'], '', {}, older);

    assert.equal(exit, 78);
    assert.equal(out, '');
    assert.match(err, /needs Node 24/);
  });

  async function bot(
    args: readonly string[],
    stdin: string | Buffer = '',
    env: Record<string, string> = {},
    node = process.execPath,
  ) {
    const path = join(installed, 'node_modules/.bin', NAME);
    // Type stripping is off: only what was compiled may run.
    const flags = node === process.execPath ? ['--no-strip-types'] : [];
    const child = spawn(node, [...flags, path, ...args], { cwd: installed, env });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.stderr.on('data', (part) => {
      err += part;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { exit, out, err };
  }
});

async function npm(cwd: string, ...args: readonly string[]) {
  try {
    return await execute('npm', args, { cwd, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    // The compiler writes what is wrong to stdout.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`npm ${args.join(' ')}: ${said}`, { cause: error });
  }
}

async function olderNode(): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'];
  for (const path of new Set(folders.map((folder) => join(folder, 'node')))) {
    if (!existsSync(path)) continue;
    const { stdout } = await execute(path, ['--version']);
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 24) return path;
  }
  return undefined;
}
