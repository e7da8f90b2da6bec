import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { OpsBotError } from '../core/errors.ts';

export const STORE_FILE = 'store.db';
export const LOCK_FILE = 'lock.db';

/** Whether a data folder holds a store; looks only, makes nothing. */
export function storeExists(dataDir: string): boolean {
  return existsSync(join(dataDir, STORE_FILE));
}

/** Makes the folder (0700) and the file (0600) where they are not there yet. */
export function prepareFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  refuseNetworkFolder(dataDir);
  for (const name of [STORE_FILE, LOCK_FILE]) {
    // SQLite gives its -wal and -shm files the mode of the database file.
    closeSync(openSync(join(dataDir, name), 'a', 0o600));
  }
}

/** WAL keeps its index in shared memory, which machines cannot share: https://www.sqlite.org/wal.html */
export function refuseNetworkFolder(dataDir: string): void {
  const name = networkFileSystem(dataDir);
  if (name === undefined) return;
  throw new OpsBotError(
    'STORE_REFUSED',
    `${dataDir} is on a network file system (${name}): use a local disk, or PostgreSQL`,
  );
}

function networkFileSystem(dataDir: string): string | undefined {
  const path = resolve(dataDir);
  if (process.platform === 'win32') return path.startsWith('\\\\') ? 'UNC path' : undefined;
  if (process.platform !== 'linux') return undefined;
  const magic = statfsSync(path).type >>> 0;
  if (magic === FUSE) return networkFuse(mountType(path));
  return NETWORK_MAGIC.get(magic);
}

const FUSE = 0x65735546;

/** `f_type` of statfs(2), from linux/magic.h and the file systems' own sources. */
export const NETWORK_MAGIC: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'afs'],
  [0x73757245, 'coda'],
  [0x00c36400, 'ceph'],
  [0x0bd00bd0, 'lustre'],
  [0x47504653, 'gpfs'],
  [0x01161970, 'gfs2'],
  [0x7461636f, 'ocfs2'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
]);

/** FUSE serves local and remote storage alike; the mount's type tells which. */
export function networkFuse(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  return /sshfs|s3|blobfuse|rclone|gcsfuse|gluster|ceph|davfs|smb|nfs|grpcfuse|virtiofs/.test(type)
    ? type
    : undefined;
}

function mountType(path: string): string | undefined {
  const { dev } = statSync(path);
  // glibc's makedev(3), for the device numbers in use.
  const device = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const fields = line.split(' ');
    if (fields[2] === device) return fields[fields.indexOf('-') + 1];
  }
  return undefined;
}
