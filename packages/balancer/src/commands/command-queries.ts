import { type admin, type DeviceId, isDurable } from '@pushfleet/protocol';
import type { Commands } from '@pushfleet/registry';
import { briefOperation } from './brief-operation.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DurableDesk } from './durable/durable-desk.ts';
import { deviceNotFound } from './durable/known-devices.ts';
import type { CommandRef } from './push-desk.ts';
import { commandNotFound } from './refusal.ts';
import { viewDirect, viewStored } from './view.ts';

export interface CommandQueriesOptions {
  direct: Dispatcher;
  durable: DurableDesk;
  commands: Pick<Commands, 'get' | 'list'>;
  hasDevice(device: DeviceId): Promise<boolean>;
}

/** Looks commands up, and withdraws them: durable ones of all balancers, direct ones of this one. */
export class CommandQueries {
  readonly #options: CommandQueriesOptions;

  constructor(options: CommandQueriesOptions) {
    this.#options = options;
  }

  /** @throws PushfleetError COMMAND_NOT_FOUND, REGISTRY_UNAVAILABLE */
  async get({ device, id }: CommandRef): Promise<admin.CommandRecordInit> {
    if (isDurable(id)) {
      const command = await this.#options.commands.get(device, id);
      if (command) return viewStored(command);
    } else {
      const command = this.#options.direct.find(device, id);
      if (command) return viewDirect(command);
    }
    throw commandNotFound(id);
  }

  /** @throws PushfleetError COMMAND_NOT_FOUND, REGISTRY_UNAVAILABLE */
  async cancel(ref: CommandRef, reason: string): Promise<admin.CommandRecordInit> {
    if (isDurable(ref.id)) {
      const cancelled = await this.#options.durable.cancel(ref, reason);
      if (cancelled.kind !== 'unknown') return viewStored(cancelled.command);
    } else {
      const command = this.#options.direct.cancel(ref.device, ref.id, reason);
      if (command) return viewDirect(command);
    }
    throw commandNotFound(ref.id);
  }

  /** @throws PushfleetError DEVICE_NOT_FOUND, REGISTRY_UNAVAILABLE */
  async list(device: DeviceId): Promise<admin.CommandRecordInit[]> {
    const commands = await this.#options.commands.list(device);
    if (commands.length === 0 && !(await this.#options.hasDevice(device))) throw deviceNotFound(device);
    return commands.map((command) => viewStored({ ...command, operation: briefOperation(command.operation) }));
  }
}
