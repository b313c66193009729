import { type admin, parseGroupPath } from '@pushfleet/protocol';
import type { Command } from 'commander';
import { checked } from '../options/checked.ts';
import { duration, renderDuration } from '../options/duration.ts';
import { labelOption } from '../options/label.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { CommandFailure } from '../output/failure.ts';

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
  if (!isGroup) {
    for (const [flag, given] of groupFlags(flags)) {
      if (given) throw new CommandFailure(`${flag} is for groups: it needs --group or --all`);
    }
    return { kind: 'devices', deviceIds: [...new Set(ids)] };
  }
  const { group = '', subgroups, label = {}, rate = 0, jitter = 0, abortFailed = 0 } = flags;
  if (group === '' && !flags.all)
    throw new CommandFailure('--group must be the path of a group; --all means all devices');
  if (flags.all && !subgroups) throw new CommandFailure('--no-subgroups is for --group: --all has no subgroups');
  if (jitter > jitterMaxMs) throw new CommandFailure(`--jitter must be at most ${renderDuration(jitterMaxMs)}`);
  const pace = { ratePerSecond: rate, jitterWindowMs: jitter, abortFailedPercent: abortFailed };
  const name = flags.all ? 'the fleet' : `group ${group}`;
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
