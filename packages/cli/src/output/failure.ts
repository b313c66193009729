import { PushfleetError, plainReason } from '@pushfleet/protocol';
import { withFlags } from '../options/field-flags.ts';
import { say, visibleLines } from './print.ts';

/** A failure in words for the person who asked. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** Says on one line what went wrong, and makes the process end with status 1. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  say(`pushfleet: ${describeFailure(error)}`);
}

/** The error in words. Further lines of it are indented: a device or a file may have had a word in them. */
export function describeFailure(error: unknown): string {
  return visibleLines(wordsOf(error), 2);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof PushfleetError) return describeRefusal(error);
  const isExpected = error instanceof CommandFailure || 'syscall' in error;
  // Anything else is a defect of ours, and worth more than its message to whoever reports it.
  return isExpected ? error.message : `${error.name}: ${error.message} ${originOf(error)}`;
}

/** The refusal of a balancer, in the words of the command line. */
export function describeRefusal(error: PushfleetError): string {
  const { code, message } = error;
  if (code === 'BAD_TOKEN') return `${message} (${tokenHint})`;
  if (message.endsWith(untrusted)) return `${message} (${authorityHint})`;
  return plainReason(withFlags(error));
}

/** The end of the message with which the admin client refuses a certificate. */
const untrusted = 'its certificate does not come from a CA that is trusted here';
const authorityHint = 'the CA is read from PUSHFLEET_CA_FILE or the state directory';
const tokenHint = 'the token is read from PUSHFLEET_ADMIN_TOKEN_FILE or the state directory';

function originOf(error: Error): string {
  const [, frame = ''] = error.stack?.split('\n    at ') ?? [];
  return frame && `(at ${frame})`;
}
