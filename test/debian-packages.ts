import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns The program's file, or `undefined` where none of that name is on the PATH */
export function findOnPath(name: string): string | undefined {
  const files = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name));
  return files.find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs a package where that can be done without asking: as root on Debian. Elsewhere it does nothing. */
export function installDebianPackage(name: string): void {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) return;
  // RUNLEVEL=1: the package starts no service of its own. Somebody else's apt-get may be at work: wait for its lock.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], { env, stdio: 'ignore' });
  apt('update');
  apt('install', '-y', '--no-install-recommends', name);
}
