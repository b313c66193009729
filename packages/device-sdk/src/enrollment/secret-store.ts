import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A device's secret, which it has made itself. */
export interface StoredSecret {
  secret: string;
  /** Whether a balancer has said that the device is registered with it. */
  registered: boolean;
}

/** Keeps the secret of one device over restarts, and from others. */
export interface SecretStore {
  /** `undefined`: nothing was saved yet. */
  load(): Promise<StoredSecret | undefined>;
  /** Resolves when it is kept whatever happens to the machine. Replaces what was saved before. */
  save(stored: StoredSecret): Promise<void>;
}

/** A file of its own, which only its owner reads (0600): one object of JSON. It is replaced as a whole. Makes missing directories. */
export function fileSecretStore(path: string): SecretStore {
  return { load: () => load(path), save: (stored) => save(path, stored) };
}

async function load(path: string): Promise<StoredSecret | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`the device's secret cannot be read: ${error.message}`);
  });
  if (text === undefined) return undefined;
  const { secret, registered } = parse(text) ?? {};
  if (typeof secret !== 'string' || typeof registered !== 'boolean') {
    throw new Error(`the device's secret cannot be read: ${path} is no {"secret", "registered"}`);
  }
  return { secret, registered };
}

function parse(text: string): Partial<StoredSecret> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function save(path: string, { secret, registered }: StoredSecret): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const next = `${path}.new`;
  {
    await using file = await open(next, 'w', 0o600);
    await file.writeFile(`${JSON.stringify({ secret, registered })}\n`);
    await file.sync();
  }
  await rename(next, path);
  // The name is kept by the directory. Where a system has no such thing, nothing more can be done.
  await using entries = await open(directory, 'r');
  await entries.sync().catch(() => undefined);
}
