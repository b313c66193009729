import { PushfleetError } from '@pushfleet/protocol';
import type { DeviceSignIns } from '@pushfleet/runtime';
import type { Caller } from './assignment-queue.ts';

/** A device's credential that is to be looked at, from an address where that is known. */
export interface GuardedSignIn {
  signIns: DeviceSignIns | undefined;
  deviceId: string;
  caller: Caller;
}

/** To be asked before the device waits for its turn. @throws PushfleetError TOO_MANY_ATTEMPTS */
export function assertNotLocked({ signIns, deviceId, caller: { address } }: GuardedSignIn): void {
  if (!signIns || address === undefined) return;
  const waitMs = signIns.lockedForMs({ address, identity: deviceId });
  if (waitMs > 0) throw tooManyAttempts(waitMs);
}

/**
 * Looks at the credential, and counts it where it was bad: refused as BAD_CREDENTIAL, or as that of another device.
 * @throws PushfleetError TOO_MANY_ATTEMPTS: it was not looked at; and what `check` throws
 */
export async function guardSignIn<Result>(
  { signIns, deviceId, caller: { address } }: GuardedSignIn,
  check: () => Promise<Result>,
): Promise<Result> {
  if (!signIns || address === undefined) return check();
  const signIn = { address, identity: deviceId };
  const waitMs = signIns.begin(signIn);
  if (waitMs > 0) throw tooManyAttempts(waitMs);
  try {
    const result = await check();
    signIns.succeed(signIn);
    return result;
  } catch (error) {
    if (!isGuess(error)) signIns.forgive(signIn);
    throw error;
  }
}

function isGuess(error: unknown): boolean {
  return error instanceof PushfleetError && ['BAD_CREDENTIAL', 'ALREADY_EXISTS'].includes(error.code);
}

function tooManyAttempts(retryAfterMs: number): PushfleetError {
  const message = 'too many sign-ins from this address, or as this device, have failed: none is looked at for a while';
  return new PushfleetError('TOO_MANY_ATTEMPTS', message, { retryAfterMs: Math.ceil(retryAfterMs) });
}
