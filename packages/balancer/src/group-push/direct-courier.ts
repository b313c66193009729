import type { ErrorCode, PushfleetError } from '@pushfleet/protocol';
import type { DeviceOutcome, GroupPushRequest } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { CommandRef, DirectFollower, PushDesk, SharedPush } from '../commands/push-desk.ts';
import type { Courier, Recovered, Reports } from './courier.ts';

const passing: readonly ErrorCode[] = ['OVERLOADED', 'REGISTRY_UNAVAILABLE', 'SHUTTING_DOWN'];

export class DirectCourier implements Courier {
  readonly canBeLeft = false;
  readonly #desk: Pick<PushDesk, 'pushManyDirect'>;
  readonly #shared: SharedPush;
  readonly #follower: DirectFollower;
  readonly #clock: Clock;

  constructor(desk: Pick<PushDesk, 'pushManyDirect'>, request: GroupPushRequest, clock: Clock, reports: Reports) {
    const { operation, deliverWithinMs, finishWithinMs } = request;
    this.#desk = desk;
    this.#clock = clock;
    this.#shared = { operation, deliverWithinMs, finishWithinMs };
    this.#follower = {
      onStatus: (command, status) => reports.onStatus(command, status),
      onRefused: (command, error) => this.#onRefused(command, error, reports),
    };
  }

  send(commands: readonly CommandRef[]): void {
    this.#desk.pushManyDirect(commands, this.#shared, this.#follower);
  }

  /** Nobody but the one that sent them can know; whether it sent them at all cannot be known either. */
  async recover(noted: readonly DeviceOutcome[]): Promise<Recovered> {
    const reason = 'the balancer that sent it was lost before a result came';
    const atMs = this.#clock.wallMs();
    const outcomes = noted.map((one): DeviceOutcome => ({ ...one, outcome: 'OUTCOME_UNKNOWN', reason, atMs }));
    return { live: [], unsent: [], outcomes };
  }

  follow(): void {
    // There are none to follow: what another balancer sent is beyond reach.
  }

  leave(): void {
    // They go on, and nobody hears of them.
  }

  #onRefused(command: CommandRef, error: PushfleetError, reports: Reports): void {
    if (passing.includes(error.code)) return reports.onUnsent(command);
    reports.onStatus(command, { outcome: 'OUTCOME_REJECTED', reason: error.message, atMs: this.#clock.wallMs() });
  }
}
