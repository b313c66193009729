import type { common } from '@pushfleet/protocol';
import type { StoredStatus } from '@pushfleet/registry';

/** Times are by the balancer's monotonic clock. */
export interface Terms {
  readonly operation: common.Operation;
  readonly deliverByMs: number;
  readonly finishByMs: number;
}

/** As that of a durable command, with its time by the balancer's wall clock. */
export type Status = StoredStatus;

/** Where one direct command stands. */
export type CommandState =
  /** It is not known yet which worker to give it to. Nothing was sent. */
  | { kind: 'routing'; retried: boolean }
  /** It waits to be written to a worker's channel. Nothing was sent. */
  | { kind: 'queued'; retried: boolean }
  /** A worker has it; the device may have it. */
  | {
      kind: 'sent';
      retried: boolean;
      status: Status;
      /** It is withdrawn: what turns out not to have reached the link is not sent again. */
      cancelReason?: string;
    }
  /** The device has it. */
  | { kind: 'confirmed'; status: Status }
  /** The way to the device broke after the command was sent. The device may still report over another one. */
  | { kind: 'lost'; reason: string; giveUpAtMs: number; status: Status }
  | { kind: 'ended'; status: Status };

export type LiveState = Exclude<CommandState, { kind: 'ended' }>;
