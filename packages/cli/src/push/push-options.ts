import type { Command } from 'commander';
import { withDelivery } from './delivery-options.ts';
import { withTargets } from './target-options.ts';

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
