import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, Profile, Site } from '../core/roll-out.ts';

/** How the stand-in azcmagent finds its network; `private-dns-missing`: the private names resolve publicly. */
export type SimulatedNetwork =
  | 'healthy'
  | 'dead-proxy'
  | 'proxy-503'
  | 'tls-inspection'
  | 'private-dns-missing'
  | 'unreachable';

export interface ServerBehaviour {
  readonly network?: SimulatedNetwork;
  /** Someone has cleared `proxy.bypass` after the server was prepared. */
  readonly bypassLost?: boolean;
  /** The prompt is seen with and without a line break after it. */
  readonly promptNewline?: boolean;
  /** azcmagent gives up after so long; 300 where nothing is said. */
  readonly signInSeconds?: number;
}

export interface SimulatedServer {
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile;
  readonly behaviour: ServerBehaviour;
}

/** What one kit file needs to be written; the kit's own type has the same members. */
export interface FileToWrite {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

export interface ServerFolder {
  /** The kit's folder, with `onboard.sh`. */
  readonly kit: string;
  readonly state: string;
  readonly azcmagent: string;
  /** What Azure will show as this machine's vmUuid. */
  readonly vmUuid: string;
}

/** Settings that make a kit run unprivileged inside one folder, talking to the simulators. */
export interface KitOverrides {
  readonly readyEvery?: number;
  readonly readyMinutes?: number;
  readonly watchEvery?: number;
  readonly probeProxy?: string;
  readonly caFile?: string;
}

/** Lays a simulated server out in one folder: its kit, its state, its hardware's names, its azcmagent. */
export async function layOutServer(options: {
  readonly folder: string;
  readonly server: SimulatedServer;
  readonly kit: readonly FileToWrite[];
  readonly azureUrl: string;
  readonly entraUrl: string;
  readonly overrides?: KitOverrides;
}): Promise<ServerFolder> {
  const { folder, server } = options;
  const at = (name: string): string => join(folder, name);
  for (const name of ['kit', 'state', 'root', 'dmi', 'agent', 'bin']) {
    await mkdir(at(name), { recursive: true, mode: 0o700 });
  }
  const vmUuid = uuidOf(server.machine.name);
  const address = addressOf(server);
  await writeFile(at('dmi/product_serial'), `${server.machine.serial}\n`);
  await writeFile(at('dmi/product_uuid'), `${vmUuid}\n`);
  const overrides = overridesText(folder, address, options.overrides ?? {});
  for (const { path, bytes, mode } of options.kit) {
    const isSettings = path === 'settings.conf';
    const whole = isSettings ? Buffer.concat([bytes, Buffer.from(overrides)]) : bytes;
    await writeFile(at(`kit/${path}`), whole, { mode });
  }
  const { network, promptNewline, signInSeconds } = server.behaviour;
  const behaviour = {
    network: network ?? 'healthy',
    privateDns: server.profile.privateLinkScopeId !== undefined,
    promptNewline: promptNewline ?? true,
    signInSeconds: signInSeconds ?? 300,
    entraUrl: options.entraUrl,
    azureUrl: options.azureUrl,
    vmUuid,
    address,
    os: server.machine.os,
  };
  // One member a line: the stand-in is a shell script without a JSON parser.
  await writeFile(at('agent/behaviour.json'), `${JSON.stringify(behaviour, null, 1)}\n`);
  await writeFile(
    at('bin/azcmagent'),
    `#!/bin/sh\nAZCMAGENT_SIM=${quoted(at('agent'))} exec bash ${quoted(standIn())} "$@"\n`,
  );
  await chmod(at('bin/azcmagent'), 0o755);
  return { kit: at('kit'), state: at('state'), azcmagent: at('bin/azcmagent'), vmUuid };
}

function overridesText(folder: string, address: string, overrides: KitOverrides): string {
  const { readyEvery, readyMinutes, watchEvery, probeProxy, caFile } = overrides;
  const values: Record<string, string | number | undefined> = {
    state_dir: join(folder, 'state'),
    root_dir: join(folder, 'root'),
    dmi_dir: join(folder, 'dmi'),
    azcmagent: join(folder, 'bin/azcmagent'),
    address,
    ready_every: readyEvery,
    ready_minutes: readyMinutes,
    watch_every: watchEvery,
    probe_proxy: probeProxy,
    ca_file: caFile,
  };
  const lines = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  return `\n# A simulated server\n${lines.join('\n')}\n`;
}

/** The stand-in is a script: it stands in `src` also when this file runs from `dist/src`. */
function standIn(): string {
  const here = import.meta.dirname;
  const places = [
    join(here, 'azcmagent/azcmagent'),
    join(here, '../../../src/sim/azcmagent/azcmagent'),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('the stand-in azcmagent is missing');
  return found;
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`simulated server ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** An address inside the site's subnet, from the number in the machine's name. */
function addressOf({ machine, site }: SimulatedServer): string {
  const network = /^(\d+\.\d+\.\d+)\.\d+\//.exec(site.subnet ?? '')?.[1] ?? '10.0.0';
  return `${network}.${10 + Number(/(\d+)$/.exec(machine.name)?.[1] ?? 1)}`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
