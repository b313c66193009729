// The attackers of hostile-clients.ts, in a process of their own, so that what the healthy clients measure is not theirs.
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './hostile/attacks.ts';
import type { Attack, HostileTarget } from './hostile/target.ts';

export interface AttackOrder {
  target: HostileTarget;
  seconds: number;
}

export interface AttackReport {
  name: string;
  rounds: number;
  /** Rounds in which the attacker did not get as far as it wanted: refused, or cut off early. */
  failed: number;
}

const pauseMs = 10;

async function playOn(name: string, attack: Attack, target: HostileTarget, until: number): Promise<AttackReport> {
  const report = { name, rounds: 0, failed: 0 };
  for (; performance.now() < until; report.rounds += 1) {
    await attack(target, report.rounds).catch(() => {
      report.failed += 1;
    });
    await sleep(pauseMs);
  }
  return report;
}

process.once('message', async ({ target, seconds }: AttackOrder) => {
  const until = performance.now() + seconds * 1_000;
  const playing = Object.entries(attacks).map(([name, attack]) => playOn(name, attack, target, until));
  process.send?.(await Promise.all(playing), () => process.exit(0));
});
