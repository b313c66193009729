import { accessSync, constants, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingValues } from '@pushfleet/runtime';
import type { connectionSettings } from '../connection/open-client.ts';
import { tryToListen } from '../dev/ports.ts';
import { findPortHolder } from './port-holder.ts';
import type { PortState, WantedPort } from './ports.ts';
import type { StateDirectoryUse } from './state-directory-check.ts';
import type { SysctlValue } from './sysctls.ts';

export function readSysctl(name: string): SysctlValue {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

export async function observePort({ host, port }: Pick<WantedPort, 'host' | 'port'>): Promise<PortState> {
  const code = await tryToListen(host, port);
  if (code === undefined) return { kind: 'free' };
  if (code !== 'EADDRINUSE') return { kind: 'refused', code };
  const by = await findPortHolder(port);
  return { kind: 'taken', ...(by ? { by } : {}) };
}

type StateDir = Pick<SettingValues<typeof connectionSettings>, 'stateDir'>;

export function observeStateDirectory(
  { stateDir: path }: StateDir,
  holdsRegistry: boolean,
): Omit<StateDirectoryUse, 'runs'> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) {
    return {
      path,
      exists: false,
      isWritable: false,
      freeBytes: undefined,
      freeInodes: undefined,
      holdsRegistry,
      exposed: [],
    };
  }
  return { path, exists: true, isWritable: isWritable(path), ...roomOf(path), holdsRegistry, exposed: exposedIn(path) };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function roomOf(path: string): Pick<StateDirectoryUse, 'freeBytes' | 'freeInodes'> {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(path);
    // Some file systems have no fixed number of inodes, and say 0 of 0.
    return { freeBytes: bavail * bsize, freeInodes: files > 0 ? ffree : undefined };
  } catch {
    return { freeBytes: undefined, freeInodes: undefined };
  }
}

function exposedIn(path: string): string[] {
  const isSecret = (name: string) => /\.key$|^admin-token$|^redis-password$|^tls-ticket-secret$/.test(name);
  try {
    const files = readdirSync(path)
      .filter(isSecret)
      .map((name) => join(path, name));
    return files.filter((file) => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
  } catch {
    return [];
  }
}
