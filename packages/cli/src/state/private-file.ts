import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailure } from '../output/failure.ts';

/** Makes the directory, for this user alone, where it is missing. One that is there keeps its mode. */
export function makePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandFailure(`cannot make the directory ${path} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

/** Replaces the file as a whole: a reader sees the old content or the new one, never half of it. */
export function writePrivateFile(path: string, content: string): void {
  writeFile(path, content, 0o600);
}

/** The same for what anybody may read, such as certificates. */
export function writePublicFile(path: string, content: string): void {
  writeFile(path, content, 0o644);
}

/** Makes an empty file for what is to be written to it. @throws where the file is there, or cannot be written. */
export function reservePrivateFile(path: string): void {
  writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
}

function writeFile(path: string, content: string, mode: number): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, content, { mode });
    renameSync(draft, path);
  } catch (cause) {
    // On a full disk it would stay there half written.
    rmSync(draft, { force: true });
    throw new CommandFailure(`cannot write ${path} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
