import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findPowerShell,
  needPowerShell,
  notRun,
  runScript,
} from '../support/powershell-host/powershell.ts';

const KIT = join(import.meta.dirname, '../../kit');
const CHECK = join(import.meta.dirname, '../support/powershell-host/Check-Syntax.ps1');
const SCRIPTS = ['Onboard.ps1', 'Door.ps1', 'Windows.ps1'];
/** Commands that Windows PowerShell 5.1 and PowerShell 7 both have; the rest is .NET and the kit's own. */
const COMMANDS =
  'Write-Host,Start-Sleep,ForEach-Object,Where-Object,Get-CimInstance,Set-StrictMode';
const powerShell = findPowerShell();

describe(`the Windows kit for Windows PowerShell 5.1${notRun(powerShell)}`, () => {
  before(function () {
    needPowerShell(powerShell, this);
  });

  it('has no syntax error, nothing newer, no command of elsewhere, and minds case', () => {
    const { code, screen } = runScript(powerShell, CHECK, [KIT, COMMANDS]);

    assert.deepEqual([code, screen], [0, '']);
  });

  it('would not let pass what only PowerShell 7 knows, or a command of elsewhere', () => {
    const screen = checkedAlone(`$a = $b ? 1 : 2
x && x
$a = $b ?? 1
$a ??= 1
\${a}?.Length
\${a}?[0]
x -Parallel { 1 }
function x { clean { 1 } }
Invoke-RestMethod x
$a -eq 'B'
$a -match "b$c"
switch ($a) { 'B' { 1 } }
`);

    const complaints = screen.split('\n').filter((line) => line !== '');
    assert.deepEqual(
      complaints.map((line) => line.replace(/^a\.ps1:/, '')),
      [
        '1 not in 5.1: a ? b : c',
        '2 not in 5.1: && or ||',
        '3 not in 5.1: ??',
        '4 not in 5.1: ??=',
        '5 not in 5.1: ?.',
        '6 not in 5.1: ?[]',
        '7 not in 5.1: -Parallel',
        '8 not in 5.1: clean {}',
        '9 not a command of the kit: Invoke-RestMethod',
        "10 case does not count: $a -eq 'B'",
        '11 case does not count: $a -match "b$c"',
        "12 case does not count: switch ($a) { 'B' { 1 } }",
      ],
    );
  });

  it('would not let a syntax error pass', () => {
    assert.match(checkedAlone('if (\n'), /a\.ps1:1 Missing condition/);
  });

  function checkedAlone(script: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'kit-syntax-'));
    try {
      writeFileSync(join(folder, 'a.ps1'), script);
      return runScript(powerShell, CHECK, [folder, COMMANDS]).screen;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

describe('the Windows kit as text', () => {
  const read = (name: string): string => readFileSync(join(KIT, name), 'latin1');

  it('is ASCII: 5.1 reads a file without a byte order mark in the code page of the system', () => {
    for (const name of [...SCRIPTS, 'Onboard.cmd']) {
      assert.ok(/^[\t\r\n -~]*$/.test(read(name)), name);
    }
  });

  it('has at most 600 lines a script, none too wide to review', () => {
    for (const name of SCRIPTS) {
      const lines = read(name).split('\n');
      assert.ok(lines.length <= 600, `${name} has ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 160, `${name}: ${line}`);
    }
  });

  it('ends the lines as Windows does where cmd.exe and Notepad read them', () => {
    for (const name of ['Onboard.cmd', 'README.windows.txt']) {
      assert.ok(!/[^\r]\n/.test(read(name)), name);
    }
    assert.ok(read('README.windows.txt').startsWith('\xef\xbb\xbf'));
  });

  it('takes the same steps by double click as in the script', () => {
    const inScript = read('Onboard.ps1').matchAll(/^ {4}'(\w+)' \{ Invoke-/gm);
    const steps = [...inScript].map(([, step]) => step);

    const offered = [...read('Onboard.cmd').matchAll(/in \("?(prepare[a-z ]+)"?\)/g)];

    assert.equal(offered.length, 2);
    for (const [, list] of offered) {
      assert.deepEqual(list?.split(' ').sort(), [...steps, 'status'].sort());
    }
  });

  it('knows the same step codes as the Linux one, but for what only one of them can meet', () => {
    const codesIn = (...names: string[]): Set<string> =>
      new Set(names.flatMap((name) => read(name).match(/\bK-\d{2}\b/g) ?? []));
    const linux = codesIn('onboard.sh', 'door.sh');
    const windows = codesIn(...SCRIPTS);

    // K-04 root, K-05 a missing command; K-24 too old, K-25 administrator, K-26 an exception, K-27 AMA's proxy.
    assert.deepEqual([...linux].filter((code) => !windows.has(code)).sort(), ['K-04', 'K-05']);
    assert.deepEqual([...windows].filter((code) => !linux.has(code)).sort(), [
      'K-24',
      'K-25',
      'K-26',
      'K-27',
    ]);
  });

  it('documents the exit codes that it uses, in the script and for its readers', () => {
    const used = new Set(
      SCRIPTS.flatMap((name) => [...read(name).matchAll(/Stop-Kit (\d+)|exit (\d+)/g)]).map(
        ([, stop, exit]) => Number(stop ?? exit),
      ),
    );
    const readme = readFileSync(join(KIT, 'README.windows.txt'), 'utf8');
    const [japanese = '', english = ''] = readme.split('-----\r\n');

    for (const code of [...used].sort()) {
      assert.match(japanese, new RegExp(`[ \\n]${code} `), `ja ${code}`);
      assert.match(english, new RegExp(`[ \\n]${code} `), `en ${code}`);
    }
    assert.ok(used.size >= 10);
  });
});
