import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { osKindOf } from './extensions.ts';
import { readKitFile } from './kit-folder.ts';
import { type KitInput, settingsText } from './settings.ts';
import { checked } from './values.ts';

export interface KitFile {
  /** Inside the kit's folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

const TEXTS = ['texts.ja.txt', 'texts.en.txt'] as const;

/** Everything a server's kit holds. Only `withToken` puts a secret into it, alone in a file of mode 0600. */
export function kitFiles(input: KitInput): KitFile[] {
  const settings: KitFile = {
    path: 'settings.conf',
    bytes: Buffer.from(settingsText(input), 'utf8'),
    mode: 0o644,
  };
  const token: KitFile[] =
    input.withToken === undefined
      ? []
      : [
          {
            path: 'token',
            bytes: Buffer.from(`${checked('token', input.withToken)}\n`, 'utf8'),
            mode: 0o600,
          },
        ];
  return [
    ...scripts(input).map(([name, mode]) => ({ path: name, bytes: readKitFile(name), mode })),
    ...TEXTS.map((name) => ({ path: name, bytes: readKitFile(name), mode: 0o644 })),
    { path: 'README.txt', bytes: readKitFile(readme(input)), mode: 0o644 },
    settings,
    ...token,
  ];
}

function scripts({ machine }: KitInput): readonly (readonly [string, number])[] {
  switch (osKindOf(machine.os)) {
    case 'linux':
      return [
        ['onboard.sh', 0o755],
        ['door.sh', 0o644],
      ];
    case 'windows':
      return [
        ['Onboard.cmd', 0o644],
        ['Onboard.ps1', 0o644],
        ['Door.ps1', 0o644],
        ['Windows.ps1', 0o644],
      ];
  }
}

function readme({ machine }: KitInput): string {
  switch (osKindOf(machine.os)) {
    case 'linux':
      return 'README.txt';
    case 'windows':
      return 'README.windows.txt';
  }
}

/** The kit as a zip with one folder named after the machine, unpacking with the files' modes. */
export function zipKit(input: KitInput, files: readonly KitFile[] = kitFiles(input)): Uint8Array {
  const folder = checked('machine name', input.machine.name);
  const UNIX = 3;
  return zipSync(
    Object.fromEntries(
      files.map(({ path, bytes, mode }) => [
        `${folder}/${path}`,
        [bytes, { os: UNIX, attrs: (0o100_000 | mode) << 16, level: 6 }] as const,
      ]),
    ) as Record<string, [Uint8Array, { os: number; attrs: number; level: 6 }]>,
  );
}

/** Writes the kit's folder; a file that was there is written anew, with its mode. */
export async function writeKit(folder: string, files: readonly KitFile[]): Promise<void> {
  for (const { path, bytes, mode } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { mode });
  }
}
