// Preloaded into the processes of a cluster by command-path.ts: on SIGUSR2 each says which of our functions have run since
// the last time, one line of JSON to the file that PUSHFLEET_COVERAGE_DIR and its process id name.
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
process.on('SIGUSR2', () => {
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    const ran = result.flatMap(({ url, functions }) => {
      const [, name, file] = /\/packages\/([^/]+)\/dist\/(.*)\.js$/.exec(url) ?? [];
      if (!name) return [];
      const called = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
      return called.map(({ functionName, ranges }) => [`${name}/${file}`, `${functionName}@${ranges[0].startOffset}`]);
    });
    appendFileSync(join(process.env.PUSHFLEET_COVERAGE_DIR, `${process.pid}.jsonl`), `${JSON.stringify(ran)}\n`);
  });
});
