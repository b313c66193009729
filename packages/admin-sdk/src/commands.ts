import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { GroupPushClient } from './group-push.ts';
import { hasEnded } from './outcome.ts';
import { promised } from './promised.ts';
import { type PushAnswer, type PushManyOptions, pushMany } from './push-many.ts';
import { readOn } from './read-on.ts';
import type { Requests } from './request-writer.ts';

/** What devices are told to do. Every method rejects with a PushfleetError. */
export class CommandClient extends GroupPushClient {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    super(channel);
    this.#channel = channel;
  }

  /**
   * Sends one command to one device and waits as long as `request.wait` says. What becomes of the command is an
   * outcome in the response; an error says that it was not accepted.
   */
  push(request: admin.PushRequestInit, options: CallOptions = {}): Promise<admin.PushResponse> {
    const { commands, metadata } = this.#channel;
    return unary<admin.PushResponse>(this.#channel, options, (done) => commands.push(request, metadata, done));
  }

  /** {@link pushMany} */
  pushMany(requests: Requests, options: PushManyOptions = {}): AsyncGenerator<PushAnswer, void, undefined> {
    return pushMany(this.#channel, requests, options);
  }

  /** Where a command stands. COMMAND_NOT_FOUND: there is none, or it is no longer kept. */
  async getCommand(deviceId: string, commandId: string, options: CallOptions = {}): Promise<admin.CommandRecord> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.GetCommandResponse>(this.#channel, options, (done) =>
      commands.getCommand({ deviceId, commandId }, metadata, done),
    );
    return promised(response.command);
  }

  /**
   * Yields where the command stands, now and after every change, progress and statistics included, and ends with it. Goes
   * on by itself when it is cut off. A slow reader misses what lies between, never the last.
   */
  async *watchCommand(
    deviceId: string,
    commandId: string,
    options: CallOptions = {},
  ): AsyncGenerator<admin.CommandRecord, void, undefined> {
    const { commands, metadata } = this.#channel;
    const answers = readOn<admin.WatchCommandResponse>(this.#channel, {
      open: () => commands.watchCommand({ deviceId, commandId }, metadata),
      isLast: ({ command }) => hasEnded(command?.status?.outcome ?? 'OUTCOME_UNSPECIFIED'),
      signal: options.signal,
    });
    for await (const { command } of answers) yield promised(command);
  }

  /**
   * Withdraws a command. One that is QUEUED ends as CANCELLED. Of one that is on its way or with the device,
   * `status.cancelRequested` says that the device will be told; what becomes of it is its outcome.
   *
   * @param reason For the device's own log. At most 256 bytes.
   */
  async cancelCommand(
    deviceId: string,
    commandId: string,
    reason = '',
    options: CallOptions = {},
  ): Promise<admin.CommandRecord> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.CancelCommandResponse>(this.#channel, options, (done) =>
      commands.cancelCommand({ deviceId, commandId, reason }, metadata, done),
    );
    return promised(response.command);
  }

  /** The durable commands of a device that have not ended, in the order in which they are sent. */
  async listCommands(deviceId: string, options: CallOptions = {}): Promise<admin.CommandRecord[]> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.ListCommandsResponse>(this.#channel, options, (done) =>
      commands.listCommands({ deviceId }, metadata, done),
    );
    return response.commands;
  }
}
