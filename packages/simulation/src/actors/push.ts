import type { admin } from '@pushfleet/protocol';
import type { Random } from '../world/random.ts';

/** The next step of whoever has pushed. */
export type Afterwards = 'nothing' | 'cancel' | 'watch' | 'give up' | 'push again';

export interface PushLoad {
  /** Time between two pushes, on average. */
  everyMs: number;
  /** The share of durable ones. */
  durableShare: number;
}

/** An outcome that was reported, by whatever call. */
export interface Reported {
  atMs: number;
  outcome: string;
  reason: string;
  output: string;
  by: 'answer' | 'watch' | 'cancel' | 'question';
}

/** A push, and all that the administration server was told of it. */
export interface PushRecord {
  readonly device: string;
  readonly command: string;
  readonly isDurable: boolean;
  readonly ttlMs: number;
  /** Every device can take it in. */
  readonly isSmall: boolean;
  readonly priority: admin.Priority;
  readonly collapseKey: string;
  readonly wait: admin.Wait;
  readonly finishWithinMs: number;
  /** How long the caller waits; then it goes away. */
  readonly patienceMs: number;
  readonly afterwards: Afterwards;
  readonly payloadBytes: number;
  readonly pushedAtMs: number;
  /** By then there must be an answer. */
  readonly answerByMs: number;
  answeredAtMs?: number;
  /** The answer: the outcome, or the error code. */
  outcome?: string;
  error?: string;
  readonly reported: Reported[];
}

/** Time that a caller allows beyond the deadline of its command, for the way. */
const marginMs = 5_000;
/** One that gives up does so after this time at most. */
const shortestPatienceMs = 3_000;

const afterDurable = [
  'nothing',
  'nothing',
  'cancel',
  'watch',
  'watch',
  'give up',
  'push again',
] as const satisfies Afterwards[];
const afterDirect = ['nothing', 'nothing', 'nothing', 'cancel', 'watch', 'give up'] as const satisfies Afterwards[];

/** Draws what is pushed to a device at `nowMs`. @param number Names the command. */
export function drawPush(random: Random, device: string, number: number, load: PushLoad, nowMs: number): PushRecord {
  const isDurable = random.chance(load.durableShare);
  const ttlMs = isDurable ? random.pick([10_000, 60_000, 120_000]) : 0;
  const deliverWithinMs = isDurable ? ttlMs : directDeliverWithinMs;
  const finishWithinMs = deliverWithinMs + random.pick([20_000, 20_000, 60_000]);
  const wait = random.pick(isDurable ? (['ACCEPTED', 'ACCEPTED', 'DELIVERED', 'FINISHED'] as const) : directWaits);
  const afterwards = random.pick<Afterwards>(isDurable ? afterDurable : afterDirect);
  const answersWithinMs = (wait === 'ACCEPTED' ? 10_000 : finishWithinMs) + marginMs;
  const patienceMs = afterwards === 'give up' ? random.whole(1, shortestPatienceMs) : answersWithinMs;
  const payloadBytes = random.pick([0, 100, 100, 10_000]);
  return {
    ...{ device, command: `${isDurable ? 'd-' : 'c'}sim${number}`, isDurable, ttlMs, finishWithinMs },
    ...{ wait: `WAIT_${wait}`, afterwards, patienceMs, payloadBytes, isSmall: payloadBytes < 1_000 },
    priority: isDurable
      ? random.pick(['PRIORITY_LOW', 'PRIORITY_NORMAL', 'PRIORITY_HIGH'] as const)
      : 'PRIORITY_UNSPECIFIED',
    collapseKey: isDurable && random.chance(0.3) ? 'same' : '',
    pushedAtMs: nowMs,
    answerByMs: nowMs + patienceMs,
    reported: [],
  };
}

const directDeliverWithinMs = 10_000;
const directWaits = ['ACCEPTED', 'FINISHED', 'FINISHED', 'FINISHED'] as const;

/** The request that pushes it. */
export function pushRequest(push: PushRecord): admin.PushRequestInit {
  const { device, command, wait, finishWithinMs, ttlMs, priority, collapseKey, payloadBytes } = push;
  return {
    ...{ deviceId: device, commandId: command, wait, finishWithinMs, priority, collapseKey },
    operation: { kind: 'custom', custom: { name: 'probe', payload: Buffer.alloc(payloadBytes) } },
    ...(push.isDurable ? { ttlMs } : { deliverWithinMs: directDeliverWithinMs }),
  } as admin.PushRequestInit;
}
