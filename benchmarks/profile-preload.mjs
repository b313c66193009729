// Preloaded into the processes of a cluster by profile.ts: on SIGUSR2 each begins a CPU profile, or with PUSHFLEET_PROFILE_ALLOCATIONS one
// of what it allocates; on the next one it ends it and writes it to the file that PUSHFLEET_PROFILE_DIR and its process id name.
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const cpuIntervalUs = 250;
const allocationIntervalBytes = 4_096;
const session = new Session();
const ofAllocations = process.env.PUSHFLEET_PROFILE_ALLOCATIONS !== undefined;
let isRunning = false;

function start() {
  session.connect();
  if (ofAllocations) {
    return session.post('HeapProfiler.startSampling', {
      samplingInterval: allocationIntervalBytes,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
  }
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: cpuIntervalUs });
  session.post('Profiler.start');
}

function stop() {
  session.post(ofAllocations ? 'HeapProfiler.stopSampling' : 'Profiler.stop', (_error, { profile }) => {
    const file = join(process.env.PUSHFLEET_PROFILE_DIR, `${process.pid}`);
    writeFileSync(`${file}.part`, JSON.stringify(profile));
    renameSync(`${file}.part`, file);
    session.disconnect();
  });
}

process.on('SIGUSR2', () => {
  if (isRunning) stop();
  else start();
  isRunning = !isRunning;
});
