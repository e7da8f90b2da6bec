import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../core/ports.ts';
import { failureOf } from './failure.ts';
import { type Call, EXIT, type Outcome } from './io.ts';
import { SAY } from './words.ts';

/** File in the data folder that holds the socket's path: socket paths have 107 bytes at most. */
const POINTER = 'bot.socket';
const PREFIX = 'arc-bot-';
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
  log: Log,
): Promise<LocalSocket> {
  const pointer = join(dataDir, POINTER);
  removeLeftBehind(pointer);
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o700);
  const path = join(folder, 's');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    collect(socket)
      .then(async (text) => {
        const call = JSON.parse(text) as Call;
        socket.end(JSON.stringify(await answer(call).catch((error) => told(error, call, log))));
      })
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  writeFileSync(`${pointer}.new`, path, { mode: 0o600 });
  renameSync(`${pointer}.new`, pointer);
  return { close: () => closeSocket(server, pointer, folder) };
}

/** The folder of a bot that was killed: whoever listens now holds the data folder, so that one is dead. */
function removeLeftBehind(pointer: string): void {
  if (!existsSync(pointer)) return;
  const folder = dirname(readFileSync(pointer, 'utf8').trim());
  if (dirname(folder) !== tmpdir() || !basename(folder).startsWith(PREFIX)) return;
  rmSync(folder, { recursive: true, force: true });
}

/** Whoever asked learns why it failed, as it would without a bot between. */
function told(error: unknown, { command, language }: Call, log: Log): Outcome {
  const failure = failureOf(error, language);
  if (failure) return failure;
  log.error('command-failed', { command, error });
  return { exit: EXIT.bad, err: SAY.botFailed[language]() };
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

/** Not by `for await`: from Node 26 its end closes the socket, and with it the way back. */
function collect(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) socket.destroy(new Error('too long for the local socket'));
      else parts.push(chunk);
    });
    socket.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the local socket was closed')));
  });
}

async function closeSocket(server: Server, pointer: string, folder: string): Promise<void> {
  rmSync(pointer, { force: true });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
}
