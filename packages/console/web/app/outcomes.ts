import type { Outcome } from '../api/messages.ts';
import type { Tone } from '../components/status-badge.tsx';

export interface OutcomeWords {
  label: string;
  tone: Tone;
  /** Known of a command with it. */
  text: string;
  /** It never changes again. */
  isFinal: boolean;
}

const inFlight = (label: string, text: string): OutcomeWords => ({ label, text, tone: 'busy', isFinal: false });
const ended = (label: string, tone: Tone, text: string): OutcomeWords => ({ label, text, tone, isFinal: true });

/** Outcomes of commands, in words. */
export const outcomeWords: Readonly<Record<Outcome, OutcomeWords>> = {
  OUTCOME_UNSPECIFIED: inFlight('Unknown', 'The balancer said nothing of it.'),
  OUTCOME_QUEUED: inFlight('Queued', 'Accepted; it waits for the device, or for room on its way.'),
  OUTCOME_ROUTED: inFlight('Routed', "Handed to the worker that holds the device's link."),
  OUTCOME_DELIVERED: inFlight('Delivered', 'The device confirmed that it has the command.'),
  OUTCOME_RUNNING: inFlight('Running', 'The device said that it has begun.'),
  OUTCOME_SUCCEEDED: ended('Succeeded', 'good', 'The device said that it is done.'),
  OUTCOME_FAILED: ended('Failed', 'bad', 'The device tried and failed.'),
  OUTCOME_REJECTED: ended('Rejected', 'bad', 'The device, or the push server for it, declined. It was not begun.'),
  OUTCOME_EXPIRED: ended('Expired', 'warn', 'A deadline passed before the command reached the device. It was not run.'),
  OUTCOME_CANCELLED: ended('Cancelled', 'none', 'Withdrawn before it was sent, or given up by the device.'),
  OUTCOME_SUPERSEDED: ended('Superseded', 'none', 'It waited, and a newer command took its place. It was not run.'),
  OUTCOME_NOT_CONNECTED: ended('Not connected', 'warn', 'The device has no live link. The command was not sent.'),
  OUTCOME_UNKNOWN: ended(
    'Outcome unknown',
    'warn',
    'The command was sent, and what became of it cannot be known. The device may have run it.',
  ),
};
