import type { admin } from '@pushfleet/protocol';
import { limits } from '@pushfleet/protocol';
import { type Command, Option } from 'commander';
import { duration, renderDuration } from '../options/duration.ts';
import { CommandFailure } from '../output/failure.ts';
import { type WaitName, waitNames } from './wait.ts';

const priorities = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_NORMAL',
  high: 'PRIORITY_HIGH',
} as const satisfies Record<string, admin.Priority>;

/** How a command is delivered, as all commands that push have it. */
export interface DeliveryFlags {
  ttl?: number;
  deliverWithin?: number;
  finishWithin?: number;
  priority?: keyof typeof priorities;
  collapseKey?: string;
  idempotencyKey?: string;
  wait?: WaitName;
}

export type Delivery = Pick<
  admin.PushRequestInit,
  'ttlMs' | 'deliverWithinMs' | 'finishWithinMs' | 'priority' | 'collapseKey' | 'idempotencyKey'
>;

export const deliveryHelp = `
Waiting (--wait): accepted: the command is on its way, or waits for the device; delivered: the device has it; finished:
it has ended; connected: as finished, but a device that is away is not waited for. Default: finished, with --ttl
connected. Ctrl-C ends the waiting, not what was pushed with --ttl or to a group.`;

export function withDelivery(command: Command): Command {
  return command
    .option(
      '--ttl <duration>',
      'wait so long for devices that are away: 30s, 10m, 7d; they get it on return',
      duration(),
    )
    .addOption(new Option('--wait <level>', 'how far to wait').choices(waitNames))
    .option('--deliver-within <duration>', 'give up what has not reached the device by then (default: 10s)', duration())
    .option('--finish-within <duration>', 'give up what has not ended by then (default: 30s; --ttl and 5m)', duration())
    .addOption(
      new Option('--priority <level>', 'what goes first where several wait; needs --ttl').choices(
        Object.keys(priorities),
      ),
    )
    .option('--collapse-key <key>', 'take the place of a command with this key that still waits; needs --ttl')
    .option('--idempotency-key <key>', 'asking again with the same key changes nothing; needs --ttl or a group');
}

/** @throws CommandFailure that names the flag, and what would be right. */
export function deliveryOf(flags: DeliveryFlags, isGroup = false): Delivery {
  assertKey('--collapse-key', flags.collapseKey);
  assertKey('--idempotency-key', flags.idempotencyKey);
  const { ttl = 0, finishWithin = 0, priority, collapseKey = '', idempotencyKey = '' } = flags;
  if (ttl === 0) assertDirect(flags, isGroup);
  return {
    ttlMs: ttl,
    deliverWithinMs: deliverWithinOf(flags),
    finishWithinMs: finishWithin,
    collapseKey,
    idempotencyKey,
    ...(priority ? { priority: priorities[priority] } : {}),
  };
}

function assertDirect({ priority, collapseKey, idempotencyKey }: DeliveryFlags, isGroup: boolean): void {
  if (priority) throw new CommandFailure('--priority orders what waits for a device: it needs --ttl, e.g. --ttl 1h');
  if (collapseKey) throw new CommandFailure('--collapse-key is of commands that wait: it needs --ttl, e.g. --ttl 1h');
  if (idempotencyKey && !isGroup) throw new CommandFailure('--idempotency-key needs --ttl, e.g. --ttl 1h');
}

/** The two deadlines fit together: what is to be delivered late cannot end early. */
function deliverWithinOf({ ttl = 0, deliverWithin = 0, finishWithin = 0 }: DeliveryFlags): number {
  if (ttl > 0 && deliverWithin > 0) {
    throw new CommandFailure('--deliver-within and --ttl say the same of different commands: give one of them');
  }
  assertAtMost('--ttl', ttl, limits.ttlMaxMs);
  assertAtMost('--deliver-within', deliverWithin, limits.deliverWithinMaxMs);
  assertAtMost('--finish-within', finishWithin, ttl > 0 ? limits.durableFinishWithinMaxMs : limits.finishWithinMaxMs);
  const [flag, least] = ttl > 0 ? ['--ttl', ttl] : ['--deliver-within', deliverWithin];
  if (finishWithin > 0 && finishWithin < least) {
    throw new CommandFailure(`--finish-within must be at least as long as ${flag}, ${renderDuration(least)}`);
  }
  const isShort = ttl === 0 && deliverWithin === 0 && finishWithin > 0;
  return isShort ? Math.min(finishWithin, limits.deliverWithinDefaultMs) : deliverWithin;
}

export function waitOf({ wait, ttl }: DeliveryFlags): WaitName {
  return wait ?? (ttl ? 'connected' : 'finished');
}

function assertAtMost(flag: string, ms: number, maxMs: number): void {
  if (ms > maxMs) throw new CommandFailure(`${flag} must be at most ${renderDuration(maxMs)}`);
}

/** An empty one is that of a variable that is not set. */
function assertKey(flag: string, key: string | undefined): void {
  if (key === undefined) return;
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > limits.keyBytes) throw new CommandFailure(`${flag} must be 1 to ${limits.keyBytes} bytes`);
}
