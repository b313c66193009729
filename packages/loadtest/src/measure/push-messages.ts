import type { AdminClientOptions } from '@pushfleet/admin-sdk';
import type { LagFigures } from '../report/process-samples.ts';
import type { Recording } from '../report/recording.ts';
import type { PushPace } from './push-load.ts';

/** Everything about the commands of a run. */
export interface PushTask {
  connection: AdminClientOptions;
  targets: readonly string[];
  pace: PushPace;
  ttlMs: number | undefined;
  /** When the run began, by `machineUs`. */
  startedUs: number;
}

export type ToPusher =
  | { kind: 'setup'; task: PushTask }
  | { kind: 'ask'; id: number; question: 'flush' }
  /** Answered once every command that was due before has its outcome. */
  | { kind: 'ask'; id: number; question: 'answered'; dueUs: number }
  /** Answered once no command is in flight. */
  | { kind: 'ask'; id: number; question: 'stop' };

export type FromPusher =
  | { kind: 'ready' }
  | { kind: 'tick'; recording: Recording; lag: LagFigures }
  | { kind: 'answer'; id: number };
