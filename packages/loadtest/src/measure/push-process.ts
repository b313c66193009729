// Sends the commands of a run, in a process of its own: nothing else that the tool does makes them late.
import { once } from 'node:events';
import { createAdminClient } from '@pushfleet/admin-sdk';
import { machineUs, systemClock } from '@pushfleet/runtime';
import { LoadRecorder } from '../report/load-recorder.ts';
import { LoopLag } from './loop-lag.ts';
import { raisePriority } from './priority.ts';
import { PushLoad } from './push-load.ts';
import type { FromPusher, ToPusher } from './push-messages.ts';

const tickMs = 1_000;

// A Ctrl-C in the terminal reaches every process of its group; the parent decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const [setup] = (await once(process, 'message')) as [ToPusher];
if (setup.kind !== 'setup') throw new Error(`${setup.kind} before setup`);
void raisePriority();
const { connection, startedUs, ...task } = setup.task;
const recorder = new LoadRecorder(() => (machineUs() - startedUs) / 1_000);
const lag = new LoopLag((ms) => recorder.latency('pushLag', ms));
lag.watch(systemClock);
const load = new PushLoad({ ...task, admin: createAdminClient(connection), recorder, clock: systemClock });
systemClock.every(tickMs, tick);
process.on('message', (message: ToPusher) => void onMessage(message));
say({ kind: 'ready' });

async function onMessage(message: ToPusher): Promise<void> {
  if (message.kind === 'setup') return;
  if (message.question === 'answered') await load.answered(message.dueUs);
  if (message.question === 'stop') await load.stop();
  tick();
  say({ kind: 'answer', id: message.id });
}

function tick(): void {
  say({ kind: 'tick', recording: recorder.take(), lag: lag.figures });
}

function say(message: FromPusher): void {
  // The parent may end while something is on its way to it: `disconnect` then ends this process.
  if (process.connected) process.send?.(message, () => {});
}
