import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Call, Outcome } from './io.ts';

/** File in the data folder that holds the socket's path: socket paths have 107 bytes at most. */
const POINTER = 'bot.socket';
const MOST_BYTES = 64 * 1024 * 1024;

export interface LocalSocket {
  close(): Promise<void>;
}

/**
 * Lets other commands on this data folder reach the running bot. The socket lies in a 0700 folder of its
 * own under the system's temporary folder; only the owner can speak to it.
 */
export async function listenLocally(
  dataDir: string,
  answer: (call: Call) => Promise<Outcome>,
): Promise<LocalSocket> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-bot-'));
  chmodSync(folder, 0o700);
  const path = join(folder, 's');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    collect(socket)
      .then(async (text) => answer(JSON.parse(text) as Call))
      .then((outcome) => socket.end(JSON.stringify(outcome)))
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const pointer = join(dataDir, POINTER);
  writeFileSync(`${pointer}.new`, path, { mode: 0o600 });
  renameSync(`${pointer}.new`, pointer);
  return { close: () => closeSocket(server, pointer, folder) };
}

/** Whether a bot runs on this data folder and answers. */
export async function botRunsOn(dataDir: string): Promise<boolean> {
  const pointer = join(dataDir, POINTER);
  if (!existsSync(pointer)) return false;
  const socket = createConnection(readFileSync(pointer, 'utf8').trim());
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/** Asks the bot that runs on this data folder; undefined when none does. */
export async function askRunningBot(dataDir: string, call: Call): Promise<Outcome | undefined> {
  const pointer = join(dataDir, POINTER);
  if (!existsSync(pointer)) return undefined;
  const path = readFileSync(pointer, 'utf8').trim();
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path, allowHalfOpen: true });
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      socket.end(JSON.stringify(call));
    });
    // A bot that was killed leaves its pointer behind: nobody answers there.
    socket.once('error', (error) => (connected ? reject(error) : resolve(undefined)));
    collect(socket).then(
      (text) => (text === '' ? resolve(undefined) : resolve(JSON.parse(text) as Outcome)),
      () => undefined,
    );
  });
}

async function collect(socket: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of socket) {
    const chunk = part as Buffer;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('too long for the local socket');
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function closeSocket(server: Server, pointer: string, folder: string): Promise<void> {
  rmSync(pointer, { force: true });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(dirname(join(folder, 's')), { recursive: true, force: true });
}
