import { type admin, limits, parseGroupPath } from '@pushfleet/protocol';
import { type Command, Option } from 'commander';
import { checked, duration, labelOption, renderDuration, wholeNumber } from '../options/option-values.ts';
import { type WaitName, waitNames } from '../outcomes/outcomes.ts';
import { CommandFailure } from '../output/failure.ts';

export const outcomesHelp = `
Outcomes: SUCCEEDED, FAILED and REJECTED are the device's own words; NOT_CONNECTED: the device is away, nothing was
sent; QUEUED: it waits for the device (--ttl); EXPIRED: it did not reach the device in time; SUPERSEDED: a newer one
took its place; OUTCOME_UNKNOWN: it was sent and the link broke before the result; NOT_ACCEPTED: refused before
anything was sent, e.g. because there is no such device.

Exit status: 0 if every device succeeded (or got as far as --wait says), 2 if one did not, 1 if nothing was tried.
`;

/** Whom, how fast, how far: the same for everything that goes to many devices. */
export function withPushOptions(command: Command): Command {
  return withDelivery(withTargets(command)).option(
    '--json',
    'an object with `outcomes` (count by outcome) and `devices` (array of {id, outcome, reason, …})',
  );
}

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

/** Which devices get a command, and how fast. */
export interface TargetFlags {
  group?: string;
  all?: true;
  subgroups: boolean;
  label?: Record<string, string>;
  rate?: number;
  jitter?: number;
  abortFailed?: number;
  detach?: true;
}

export type Target =
  | { kind: 'devices'; deviceIds: string[] }
  | {
      kind: 'group';
      chosen: Pick<admin.PushToGroupRequestInit, 'group' | 'excludeSubgroups' | 'labels' | 'pace'>;
      /** For people. */
      name: string;
    };

export function withTargets(command: Command): Command {
  return command
    .option(
      '-g, --group <path>',
      'all devices of this group and its subgroups, instead of ids',
      checked(parseGroupPath),
    )
    .option('--all', 'all devices there are, instead of ids')
    .option('--no-subgroups', 'only devices of the group itself')
    .addOption(labelOption('only devices of the group with this label'))
    .option('--rate <commands>', 'of a group: so many go out per second (default: no limit)', wholeNumber())
    .option('--jitter <duration>', 'of a group: spread evenly over so long (default: at once)', duration())
    .option('--abort-failed <percent>', 'of a group: stop once more than this share did not succeed', wholeNumber(100))
    .option('--detach', 'of a group: return as soon as it is under way');
}

const jitterMaxMs = 86_400_000;

/** @throws CommandFailure that names the flag, and what would be right. */
export function targetOf(ids: readonly string[], flags: TargetFlags): Target {
  const isGroup = flags.group !== undefined || flags.all === true;
  if (ids.length > 0 === isGroup || (flags.all && flags.group !== undefined)) {
    throw new CommandFailure('name devices, or a group with --group, or --all; --help shows how');
  }
  return isGroup ? groupOf(flags) : devicesOf(ids, flags);
}

function devicesOf(ids: readonly string[], flags: TargetFlags): Target {
  for (const [flag, given] of groupFlags(flags)) {
    if (given) throw new CommandFailure(`${flag} is for groups: it needs --group or --all`);
  }
  return { kind: 'devices', deviceIds: [...new Set(ids)] };
}

function groupOf({
  group = '',
  all,
  subgroups,
  label = {},
  rate = 0,
  jitter = 0,
  abortFailed = 0,
}: TargetFlags): Target {
  if (group === '' && !all) throw new CommandFailure('--group must be the path of a group; --all means all devices');
  if (all && !subgroups) throw new CommandFailure('--no-subgroups is for --group: --all has no subgroups');
  if (jitter > jitterMaxMs) throw new CommandFailure(`--jitter must be at most ${renderDuration(jitterMaxMs)}`);
  const pace = { ratePerSecond: rate, jitterWindowMs: jitter, abortFailedPercent: abortFailed };
  const name = all ? 'the fleet' : `group ${group}`;
  return { kind: 'group', chosen: { group, excludeSubgroups: !subgroups, labels: label, pace }, name };
}

function groupFlags({ subgroups, label, rate, jitter, abortFailed, detach }: TargetFlags): [string, boolean][] {
  return [
    ['--no-subgroups', !subgroups],
    ['--label', label !== undefined],
    ['--rate', rate !== undefined],
    ['--jitter', jitter !== undefined],
    ['--abort-failed', abortFailed !== undefined],
    ['--detach', detach === true],
  ];
}
