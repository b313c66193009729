// Preloaded into the processes of a cluster by growth.ts and link-parts.ts: on SIGUSR2 each collects its garbage and writes what is
// left, in bytes, to the file that PUSHFLEET_HEAP_DIR and its process id name; with PUSHFLEET_HEAP_SNAPSHOT also a heap snapshot.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

process.on('SIGUSR2', () => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  const file = join(process.env.PUSHFLEET_HEAP_DIR, `${process.pid}`);
  if (process.env.PUSHFLEET_HEAP_SNAPSHOT) writeHeapSnapshot(`${file}.heapsnapshot`);
  writeFileSync(`${file}.part`, String(heapUsed + external));
  renameSync(`${file}.part`, file);
});
