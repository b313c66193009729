// Hostile input of every kind against a real cluster, with healthy clients beside:
//   npm run fuzz -w test -- --seconds 60 [--seed N] [--only mqtt-session,admin-call] [--push-within 1000]
// Ends with status 1 where a process ended, memory stayed, or a healthy client noticed anything.
import { parseArgs } from 'node:util';
import { type FuzzReport, runFuzz } from './fuzz-run.ts';
import { targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    /** Milliseconds; more than the default on a machine that does other things. */
    'push-within': { type: 'string', default: '1000' },
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name}: must be a whole number, not "${text}"`);
  return Number(text);
}

function targetNames(text: string): string[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !(name in targets));
  if (unknown) throw new Error(`--only: there is no target "${unknown}"; there are ${Object.keys(targets).join(', ')}`);
  return names;
}

function print({ seed, played, answers, pushes, slowestPushMs, growthMiB, findings }: FuzzReport): void {
  for (const [target, count] of played) {
    const seen = [...(answers.get(target) ?? [])].sort(([, a], [, b]) => b - a);
    console.log(`${target}: ${count} sessions, ${seen.length} different answers`);
    for (const [answer, times] of seen.slice(0, 8)) console.log(`  ${String(times).padStart(7)}  ${answer}`);
  }
  const total = [...played.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${total} sessions with seed ${seed}; ${pushes} pushes beside, the slowest in ${Math.round(slowestPushMs)} ms`,
  );
  console.log(
    `memory: ${Object.entries(growthMiB)
      .map(([name, growth]) => `${name} ${growth >= 0 ? '+' : ''}${growth} MiB`)
      .join(', ')}`,
  );
  console.log(findings.length === 0 ? 'nothing found' : `${findings.length} findings:\n${findings.join('\n')}`);
}

const report = await runFuzz({
  seconds: wholeNumber('seconds', values.seconds),
  seed: wholeNumber('seed', values.seed),
  only: targetNames(values.only),
  pushWithinMs: wholeNumber('push-within', values['push-within']),
  growthMiB: 200,
});
print(report);
process.exitCode = report.findings.length === 0 ? 0 : 1;
