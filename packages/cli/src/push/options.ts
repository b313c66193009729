import { type admin, limits, parseGroupPath } from '@pushfleet/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { checked, duration, labelOption, wholeNumber } from '../options/option-values.ts';
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

function withDelivery(command: Command): Command {
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
    .option('--collapse-key <key>', 'take the place of a command with this key that still waits; needs --ttl', keyText)
    .option(
      '--idempotency-key <key>',
      'asking again with the same key changes nothing; needs --ttl or a group',
      keyText,
    );
}

/** An empty key is that of a variable that is not set, and would count as none. @throws InvalidArgumentError */
function keyText(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

/**
 * The delivery that the flags ask for; balancers refuse what does not fit together. A command that is to end soon is to
 * be delivered by then.
 */
export function deliveryOf(flags: DeliveryFlags): Delivery {
  const { ttl = 0, deliverWithin = 0, finishWithin = 0, priority, collapseKey = '', idempotencyKey = '' } = flags;
  const endsSoon = ttl === 0 && deliverWithin === 0 && finishWithin > 0;
  return {
    ttlMs: ttl,
    deliverWithinMs: endsSoon ? Math.min(finishWithin, limits.deliverWithinDefaultMs) : deliverWithin,
    finishWithinMs: finishWithin,
    collapseKey,
    idempotencyKey,
    ...(priority ? { priority: priorities[priority] } : {}),
  };
}

export function waitOf({ wait, ttl }: DeliveryFlags): WaitName {
  return wait ?? (ttl ? 'connected' : 'finished');
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

function withTargets(command: Command): Command {
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
    .option('--abort-failed <percent>', 'of a group: stop once more than this share did not succeed', wholeNumber())
    .option('--detach', 'of a group: return as soon as it is under way');
}

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
  const pace = { commandsPerSecond: rate, jitterWindowMs: jitter, abortFailedPercent: abortFailed };
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
