// One process of a fleet: plays its devices as its parent says, tells it each second what has happened, and ends with it.
import { once } from 'node:events';
import { machineUs, systemClock } from '@pushfleet/runtime';
import { lagEveryMs } from '../measure/loop-lag.ts';
import { lowerPriority, raisePriority } from '../measure/priority.ts';
import { DevicePool } from './device-pool.ts';
import type { FromFleet, ToFleet } from './messages.ts';
import { TunnelEnds } from './tunnel-ends.ts';

const tickMs = 1_000;

// A Ctrl-C in the terminal reaches every process of its group; the parent decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const [setup] = (await once(process, 'message')) as [ToFleet];
if (setup.kind !== 'setup') throw new Error(`${setup.kind} before setup`);
const isMeasured = setup.task.witnesses !== undefined && setup.process === 0;
void (isMeasured ? raisePriority() : lowerPriority());
const tunnels = new TunnelEnds(setup.task);
const pool: DevicePool = new DevicePool({
  ...setup,
  clock: systemClock,
  openTunnel: (device, command) => tunnels.open(device, command),
});
let churnShare = 0;
let churnAsks = false;
let isClosing = false;

systemClock.every(lagEveryMs, () => pool.turn());
systemClock.every(tickMs, () => {
  tick();
  if (churnShare > 0) churn();
  if (isClosing && pool.isEmpty) say({ kind: 'closed' });
});
process.on('message', onMessage);
say({ kind: 'ready' });

function onMessage(message: ToFleet): void {
  switch (message.kind) {
    case 'setup':
      return;
    case 'connect':
      return connect(message.from, message.to, message.startUs, message.perSecond);
    case 'churn':
      churnShare = message.shareOfASecond;
      churnAsks = message.asks;
      return;
    case 'ask':
      tick();
      say({ kind: 'answer', id: message.id, links: message.question === 'links' ? pool.links() : undefined });
      return;
    case 'close':
      isClosing = true;
      churnShare = 0;
      for (const device of pool.devices) device.leave(false);
      return;
    default:
      return message satisfies never;
  }
}

function connect(from: number, to: number, startUs: number, perSecond: number): void {
  const firstInMs = (startUs - machineUs()) / 1_000;
  for (const device of pool.devices) {
    if (device.index >= from && device.index < to) {
      device.startIn(firstInMs + ((device.index - from) * 1_000) / perSecond);
    }
  }
}

/** A random part of the devices that are up; each of them once at most. */
function churn(): void {
  for (const device of pool.devices) {
    if (device.state !== 'up' || Math.random() >= churnShare) continue;
    if (churnAsks) device.forgetTicket();
    device.leave(true);
  }
}

function tick(): void {
  say({ kind: 'tick', tick: pool.takeTick() });
}

function say(message: FromFleet): void {
  // The parent may end while something is on its way to it: `disconnect` then ends this process.
  if (process.connected) process.send?.(message, () => {});
}
