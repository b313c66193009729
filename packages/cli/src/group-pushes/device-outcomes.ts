import { outcomeName } from '@pushfleet/admin-sdk';
import { type admin, common } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { print, printJsonLine } from '../output/print.ts';

/** `not-connected` and the like: how outcomes are written on the command line. */
export const outcomeNames: readonly string[] = Object.values(common.Outcome).slice(1).map(flagName);

export function parseOutcomeName(name: string): common.Outcome | undefined {
  const wanted = name.toLowerCase().replaceAll('_', '-');
  return Object.values(common.Outcome)
    .slice(1)
    .find((outcome) => flagName(outcome) === wanted);
}

/** One line as each comes: there may be many thousands. */
export async function printDeviceOutcomes(outcomes: AsyncIterable<admin.DeviceOutcome>, json: boolean): Promise<void> {
  for await (const outcome of outcomes) {
    if (json) printJsonLine(toJson(outcome));
    else print(describeDeviceOutcome(outcome));
  }
}

/** `laptop-17  FAILED  disk full` */
export function describeDeviceOutcome({ deviceId, outcome, reason }: admin.DeviceOutcome): string {
  return [deviceId, outcomeName(outcome), reason]
    .filter((part) => part !== '')
    .map(visibleText)
    .join('  ');
}

function toJson({ deviceId, commandId, outcome, reason, atMs }: admin.DeviceOutcome) {
  return { id: deviceId, commandId, outcome: outcomeName(outcome), reason, atMs };
}

function flagName(outcome: common.Outcome): string {
  return outcomeName(outcome).toLowerCase().replaceAll('_', '-');
}
