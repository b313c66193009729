import { type Finding, ok, type Part, problem, runsNothing, skipped, warning } from './finding.ts';

export interface StateDirectoryUse {
  /** Default: `state directory`. */
  check?: string;
  runs: readonly Part[];
  path: string;
  exists: boolean;
  isWritable: boolean;
  /** Free space of its file system; `undefined`: it does not tell. */
  freeBytes: number | undefined;
  freeInodes: number | undefined;
  /** The registry is a file in it. */
  holdsRegistry: boolean;
  /** Files with keys or secrets in it that others than their owner may read. */
  exposed: readonly string[];
}

const stateDirectory = 'state directory';
const gibibyte = 2 ** 30;
const leastBytes = 0.1 * gibibyte;
const comfortableBytes = gibibyte;
const leastInodes = 100;

/** Judges the directory with certificates, secrets and the embedded registry: that it is there, has room, and keeps its secrets. */
export function checkStateDirectory(use: StateDirectoryUse): Finding {
  const { check = stateDirectory, runs, path, exists, isWritable, holdsRegistry, exposed } = use;
  if (!exists && runs.length === 0) return skipped(check, `${runsNothing}, and there is no ${path}`);
  if (!exists)
    return problem(check, `there is no ${path}: certificates and secrets are read from it`, 'pushfleet init');
  if (exposed.length > 0) {
    const meaning = `others than the owner may read ${exposed.join(', ')}`;
    return problem(check, meaning, `chmod 600 ${exposed.map((file) => `'${file}'`).join(' ')}`);
  }
  if (holdsRegistry && !isWritable) {
    const meaning = `${path} cannot be written by this user, and holds the registry`;
    return problem(check, meaning, `sudo chown -R "$(id -un)" ${path}`);
  }
  return checkRoom(use);
}

function checkRoom(use: StateDirectoryUse): Finding {
  const { check = stateDirectory, path, freeBytes, freeInodes, holdsRegistry } = use;
  const least = holdsRegistry ? leastBytes : leastBytes / 10;
  const found = `${path}: ${freeBytes === undefined ? 'free space unknown' : `${(freeBytes / gibibyte).toFixed(1)} GiB free`}`;
  const change = `df -h ${path}, then remove what is not needed, or move it with PUSHFLEET_STATE_DIR`;
  if (freeBytes !== undefined && freeBytes < least) {
    const meaning = holdsRegistry ? 'the registry takes no writes when it is full' : 'nothing can be written there';
    return problem(check, `${found}: ${meaning}`, change);
  }
  if (freeInodes !== undefined && freeInodes < leastInodes) {
    const meaning = `${path}: ${freeInodes} inodes left: hardly a file can be made`;
    return problem(check, meaning, `df -i ${path}, then remove files`);
  }
  if (holdsRegistry && freeBytes !== undefined && freeBytes < comfortableBytes) {
    return warning(check, `${found}, and the registry grows there`, change);
  }
  return ok(check, found);
}
