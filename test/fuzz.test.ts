import { describe, expect, it } from 'vitest';
import { type FuzzReport, runFuzz } from './fuzz/fuzz-run.ts';
import { targets } from './fuzz/targets.ts';

/** The inputs of a longer run: `npm run fuzz -w test -- --seconds 600`. */
const options = { seconds: 20, seed: 9, pushWithinMs: 10_000, growthMiB: 150 };

describe('hostile input of every kind, the corpus first', () => {
  it('ends a link or a call, never a process, and no healthy client notices', async () => {
    const report = await runFuzz({ ...options, only: [] });
    console.info(summary(report));
    expect(report.findings).toEqual([]);
    // Each of them got somewhere: a target whose sessions all end alike tests nothing.
    for (const name of Object.keys(targets)) expect(report.answers.get(name)?.size, name).toBeGreaterThan(1);
    expect(report.pushes).toBeGreaterThan(100);
  });
});

function summary({ played, answers, pushes, slowestPushMs }: FuzzReport): string {
  const sessions = [...played.values()].reduce((sum, count) => sum + count, 0);
  const states = [...answers.values()].reduce((sum, seen) => sum + seen.size, 0);
  return `${sessions} sessions, ${states} different answers; ${pushes} pushes beside, the slowest in ${Math.round(slowestPushMs)} ms`;
}
