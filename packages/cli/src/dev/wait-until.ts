import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { systemClock, timeoutSignal } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { pause } from '../stop.ts';

export interface WaitOptions {
  /** The end of "waited 30 s for …": "the balancer to answer". */
  what: string;
  timeoutMs: number;
  signal: AbortSignal;
}

const waitPollMs = 100;

/**
 * Asks again and again until `check` answers `true`; any other answer says what is still missing, and an error counts
 * as an answer.
 * @throws CommandFailure after the timeout, with the last answer; the signal's reason when it fires.
 */
export async function waitUntil(check: () => Promise<true | string>, options: WaitOptions): Promise<void> {
  const { what, timeoutMs, signal } = options;
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await check().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (answer === true) return;
    if (systemClock.now() > deadline) {
      throw new CommandFailure(`waited ${Math.round(timeoutMs / 1_000)} s for ${what}: ${answer}`);
    }
    await pause(waitPollMs, signal);
  }
}

/** Not `fetch`, which may ask a proxy even for what is on this machine. */
export async function answersOk(url: string): Promise<true | string> {
  const request = get(url, { agent: false, signal: timeoutSignal(systemClock, 1_000) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await text(response);
  return response.statusCode === 200 || `${url} answers ${response.statusCode} ${body}`;
}
