import { type admin, type common, hasEnded } from '@pushfleet/protocol';
import type { CommandService } from '@pushfleet/protocol/admin';
import { type CallOptions, unlimited } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { type PushAnswer, type PushManyOptions, pushMany } from './push-many.ts';
import type { Requests } from './request-writer.ts';
import { allItems, pageSize, promised, ServiceCalls } from './service-calls.ts';

export { hasEnded } from '@pushfleet/protocol';

/** Names one command. The response of a push is one as well. */
export interface CommandRef {
  deviceId: string;
  commandId: string;
}

export interface Cancellation extends CommandRef {
  /** For the device's own log. At most 256 bytes. */
  reason?: string;
}

export interface ListCommandsOptions extends CallOptions {
  /** Those that have ended too. */
  includeEnded?: boolean;
}

/** Commands to single devices. Every method rejects with a PushfleetError. */
export class Commands {
  readonly #calls: ServiceCalls<InstanceType<typeof CommandService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.commands);
  }

  /**
   * Sends one command to one device and waits as long as `request.wait` says; the command's own deadlines end that. Its
   * outcome is in the response; an error says that it was not accepted.
   */
  push(request: admin.PushRequestInit, options: CallOptions = {}): Promise<admin.PushResponse> {
    return this.#calls.unary('push', request, unlimited(options));
  }

  /** {@link pushMany} */
  pushMany(requests: Requests, options: PushManyOptions = {}): AsyncGenerator<PushAnswer, void, undefined> {
    return pushMany(this.#calls, requests, options);
  }

  /** The status of a command. COMMAND_NOT_FOUND: there is none, or it is no longer kept. */
  async get({ deviceId, commandId }: CommandRef, options: CallOptions = {}): Promise<admin.CommandRecord> {
    const { command } = await this.#calls.unary('getCommand', { deviceId, commandId }, options);
    return promised(command);
  }

  /**
   * Yields the status of the command, now and after every change, progress and statistics included, and ends with it. Goes
   * on by itself when it is cut off. A slow reader misses what lies between, never the last.
   */
  async *watch(
    { deviceId, commandId }: CommandRef,
    options: CallOptions = {},
  ): AsyncGenerator<admin.CommandRecord, void, undefined> {
    const responses = this.#calls.resumable('watchCommand', () => ({ deviceId, commandId }), {
      ...options,
      isLast: ({ command }) => hasEnded(command?.status?.outcome ?? 'OUTCOME_UNSPECIFIED'),
    });
    for await (const { command } of responses) yield promised(command);
  }

  /**
   * Withdraws a command. One that is QUEUED ends as CANCELLED. For one that is on its way or with the device,
   * `status.cancelRequested` says that the device will be told, and its outcome says what became of it.
   */
  async cancel(
    { deviceId, commandId, reason = '' }: Cancellation,
    options: CallOptions = {},
  ): Promise<admin.CommandRecord> {
    const { command } = await this.#calls.unary('cancelCommand', { deviceId, commandId, reason }, options);
    return promised(command);
  }

  /**
   * The durable commands of a device that have not ended, in the order in which they are sent; with `includeEnded` behind
   * them those that have ended and are kept, the last one first. Without payloads, outputs and the like of more than 4 KiB.
   */
  async list(
    deviceId: string,
    { includeEnded = false, ...options }: ListCommandsOptions = {},
  ): Promise<admin.CommandRecord[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listCommands', { deviceId, pageSize, pageToken, includeEnded }, options),
      (page) => page.commands,
    );
  }
}

/** An outcome without the prefix of its protobuf name. */
export type OutcomeName =
  Exclude<common.Outcome, 'OUTCOME_UNKNOWN'> extends `OUTCOME_${infer Name}` ? Name | 'OUTCOME_UNKNOWN' : never;

/**
 * The name without the prefix that protobuf asks for: `OUTCOME_SUCCEEDED` is `SUCCEEDED`. `OUTCOME_UNKNOWN` stays
 * whole: a bare `UNKNOWN` reads like a value that this client does not know.
 */
export function outcomeName(outcome: common.Outcome): OutcomeName {
  return (outcome === 'OUTCOME_UNKNOWN' ? outcome : outcome.slice('OUTCOME_'.length)) as OutcomeName;
}
