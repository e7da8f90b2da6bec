import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import type { Log } from '../core/ports.ts';
import { RollOut } from '../core/roll-out.ts';
import { importFiles } from '../import/import-files.ts';
import { createRandom } from '../keys/random.ts';
import { kitFiles } from '../kit/write-kit.ts';
import { kitInputFor } from '../kit-input.ts';
import { openApp, systemClock } from '../open-app.ts';
import { packageFile } from '../package-file.ts';
import { type RunningBot, serve } from '../serve.ts';
import { type SimMachine, type SimulatedAzure, startSimulatedAzure } from '../sim/azure.ts';
import { type SimulatedConnector, simUser, startSimulatedConnector } from '../sim/connector.ts';
import { type Entra, startEntra } from '../sim/entra.ts';
import type { KitOverrides } from '../sim/server-folder.ts';
import { type SiteServers, startSiteServers } from '../sim/site-servers.ts';
import { putExtensions, storyOf } from '../sim/story.ts';
import { mark, tellStory } from './before.ts';
import { freePort } from './ports.ts';
import { DEMO_FILE } from './scratch.ts';

/** The Linux machines of the sample, each run for real against the stand-in azcmagent. */
export const SIMULATED: readonly string[] = [
  'SV-TYH-03',
  'SV-TDC-03',
  'SV-TDC-05',
  'SV-TDC-06',
  'SV-NGY-03',
  'SV-OSK-03',
  'SV-FUK-03',
];
const ONBOARDING_ACCOUNT = 'arc-onboarding@corp.example';
const AZURE_EVERY_MS = 2_000;
const EXTENSIONS_AFTER_MS = 3_000;
const TEAM = 'Arc 全国展開';

export interface DemoWorldOptions {
  readonly dataDir: string;
  readonly workDir: string;
  readonly log: Log;
  /** Fewer simulated servers, for tests. */
  readonly simulated?: readonly string[];
  /** A kit that asks more often than a real one, for tests. */
  readonly kit?: KitOverrides;
  /** Ends the start half-way; what has started is closed again. */
  readonly signal?: AbortSignal;
}

export interface DemoWorld {
  readonly app: App;
  readonly bot: RunningBot;
  readonly azure: SimulatedAzure;
  readonly entra: Entra;
  readonly connector: SimulatedConnector;
  readonly servers: SiteServers;
  readonly rollOut: RollOut;
  readonly addresses: Readonly<Record<'bot' | 'azure' | 'entra' | 'connector', string>>;
  readonly consolesDir: string;
  close(): Promise<void>;
}

/** Everything on this machine with no cloud: the bot, and real HTTP servers for all that surrounds it. */
export async function startDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startAll(options, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What started is put into `closing`, and closed in the opposite order. */
async function startAll(
  options: DemoWorldOptions,
  closing: (() => Promise<void> | void)[],
): Promise<Omit<DemoWorld, 'close'>> {
  const { dataDir, workDir, log, signal } = options;
  const simulated = options.simulated ?? SIMULATED;
  const samples = readSamples();
  const rollOut = readRollOut(samples);
  const tenantId = rollOut.profiles[0]?.tenantId ?? '';
  const now = () => systemClock.now();

  const entra = await startEntra({
    port: await freePort(3981),
    log,
    random: createRandom(),
    clock: systemClock,
    intervalSeconds: 1,
    account: ONBOARDING_ACCOUNT,
  });
  closing.push(() => entra.close());
  const pending = new Set<NodeJS.Timeout>();
  const azure: SimulatedAzure = await startSimulatedAzure({
    port: await freePort(3980),
    now,
    callerOf: (token) => entra.accountOf(token),
    onConnected: (machine) => deployExtensions(azure, machine, pending),
  });
  closing.push(() => azure.close());
  closing.push(() => {
    for (const timer of pending) clearTimeout(timer);
  });
  const connector = await startSimulatedConnector({
    tenantId,
    users: rollOut.people.map(simUser),
    port: await freePort(3982),
  });
  closing.push(() => connector.close());

  const port = await freePort(3978);
  const app = await openApp({
    config: demoConfig(dataDir, port),
    log,
    simulated: { azure: azure.url, entra: entra.url },
  });
  closing.push(() => app.store.close());
  await importSamples(app, samples);
  const bot = await serve(app, {
    port,
    metricsPort: 0,
    host: '127.0.0.1',
    identity: { kind: 'demo', tenantId },
    azureEveryMs: AZURE_EVERY_MS,
  });
  closing.push(() => bot.close());
  const botUrl = `http://127.0.0.1:${bot.port}`;
  connector.connectBot(`${botUrl}/api/messages`);
  await installEverywhere(connector, rollOut);
  await tellStory(app, azure, botUrl, storyOf(rollOut, new Set(SIMULATED)));
  await bot.readAzure();
  signal?.throwIfAborted();

  const consolesDir = join(dataDir, 'consoles');
  mkdirSync(consolesDir, { recursive: true, mode: 0o700 });
  const servers = await startSiteServers({
    servers: simulated.flatMap((name) => {
      const machine = rollOut.machine(name);
      const site = machine && rollOut.siteOf(machine);
      const profile = site && rollOut.profileOf(site);
      if (!machine || !site || !profile) return [];
      return [{ machine, site, profile, behaviour: { bypassLost: name === 'SV-FUK-03' } }];
    }),
    azureUrl: azure.url,
    entraUrl: entra.url,
    workDir,
    consolesDir,
    language: 'ja',
    log,
    ...(options.kit && { overrides: options.kit }),
    kitFilesFor: async (machine) =>
      kitFiles(await kitInputFor(app, machine, { withToken: true, language: 'ja', botUrl })),
    onPrepared: (machine) => mark(app, machine, 'arrived'),
  });
  closing.push(() => servers.stop());
  await Promise.race([servers.ready, aborted(signal)]);

  const addresses = { bot: botUrl, azure: azure.url, entra: entra.url };
  return {
    ...{ app, bot, azure, entra, connector, servers, rollOut, consolesDir },
    addresses: { ...addresses, connector: connector.serviceUrl },
  };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

/** Renamed into place once everything answers, so that whoever waits for it finds all of it. */
export function writeDemoFile(dataDir: string, addresses: DemoWorld['addresses']): void {
  const path = join(dataDir, DEMO_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(addresses)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function demoConfig(dataDir: string, port: number): Config {
  return readConfig({
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    CODE_KEY: randomBytes(32).toString('base64'),
    SIGN_IN: 'device-code',
    SIGN_IN_POLICY: 'CA-Arc-Onboarding',
    SIGN_IN_APPLICATION: 'Azure Connected Machine Agent',
    ONBOARDING_ACCOUNT,
    REVEAL: 'card',
  });
}

function readSamples(): { name: string; bytes: Uint8Array }[] {
  return ['profiles', 'sites', 'machines', 'people'].map((name) => {
    return {
      name: `${name}.csv`,
      bytes: readFileSync(packageFile(`samples/rollout/${name}.csv`)),
    };
  });
}

function readRollOut(samples: { name: string; bytes: Uint8Array }[]): RollOut {
  const none = { profiles: [], sites: [], machines: [], people: [] };
  const outcome = importFiles(samples, new RollOut(none));
  if (!outcome.ok) throw new Error('the sample roll-out cannot be read');
  return new RollOut({ ...none, ...outcome.rows });
}

async function importSamples(
  app: App,
  samples: { name: string; bytes: Uint8Array }[],
): Promise<void> {
  const { runCommand } = await import('../cli/commands.ts');
  const files = samples.map(({ name, bytes }) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const call = { command: 'import', args: [], options: {}, files, language: 'ja' as const };
  const { exit, err } = await runCommand(app, call, { mayChange: true });
  if (exit !== 0) throw new Error(`the sample roll-out was refused: ${err}`);
}

/** All people have the app 1:1; the lead adds it to the team and names the channel. */
async function installEverywhere(connector: SimulatedConnector, rollOut: RollOut): Promise<void> {
  for (const person of rollOut.people) await connector.installFor(person.key);
  const lead = rollOut.leads()[0]?.key ?? '';
  await connector.installInTeam(TEAM, ['General'], lead);
}

/** Defender for Cloud and Azure Policy deploy what they must, some seconds after a machine connected. */
function deployExtensions(
  azure: SimulatedAzure,
  machine: SimMachine,
  pending: Set<NodeJS.Timeout>,
): void {
  const os = { os: machine.properties.osType === 'windows' ? 'Windows' : 'Linux' };
  putExtensions(azure.fleet, machine, os, ['MDE', 'AMA'], 'Creating');
  const timer = setTimeout(() => {
    pending.delete(timer);
    putExtensions(azure.fleet, machine, os, ['MDE', 'AMA'], 'Succeeded');
  }, EXTENSIONS_AFTER_MS);
  pending.add(timer);
}
