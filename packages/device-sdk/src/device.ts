import type { HandlerName, HandlerOf } from './commands/command.ts';
import { CommandRunner } from './commands/runner.ts';
import type { Connector } from './connect/connector.ts';
import { createConnector } from './connect/create-connector.ts';
import { createNetwork } from './connect/create-network.ts';
import type { DeviceNetwork } from './network.ts';
import { type DeviceOptions, type DeviceSettings, parseOptions } from './options.ts';
import { type DeviceStatus, DeviceStopped, statusStream } from './status.ts';
import { TunnelOpener } from './tunnels/opener.ts';

/** @throws PushfleetError INVALID_ARGUMENT that names the option. */
export function createDevice(options: DeviceOptions): Device {
  return new Device(parseOptions(options));
}

/** A managed device: keeps a link to its push server and runs the commands that come over it. */
export class Device implements AsyncDisposable {
  readonly deviceId: string;
  readonly #runner: CommandRunner;
  readonly #connector: Connector;
  /** Present where the device permits tunnels. */
  readonly #tunnels: TunnelOpener | undefined;
  /** Most devices of a large fleet are watched by nobody. */
  #listeners: Set<(status: DeviceStatus) => void> | undefined;
  #status: DeviceStatus = { kind: 'idle' };
  /** Until the store has been read; devices without one have none. */
  #load: (() => Promise<void>) | undefined;
  #loading: Promise<void> | undefined;
  #wanted = false;

  constructor(settings: DeviceSettings) {
    this.deviceId = settings.deviceId;
    const { link, secureContext, plaintextLink } = settings;
    const { network = createNetwork(link === 'grpc', secureContext, plaintextLink) } = settings;
    this.#runner = new CommandRunner(settings);
    this.#connector = createConnector(settings, network, this.#runner, (status) => this.#onStatus(status));
    this.#tunnels = this.#allowTunnels(settings, network);
    if (settings.store !== undefined) this.#load = () => this.#runner.load();
  }

  /**
   * Sets the handler of operations of this kind; replaces an earlier one of the same name. A device declares what it has handlers
   * for when it connects, and is not asked for anything else: a handler that is added later counts from the next link on.
   * `stop_task` needs none: the signal of the task's handler aborts.
   *
   * @throws PushfleetError INVALID_ARGUMENT where there is no operation of this name.
   */
  handle<Name extends HandlerName>(name: Name, handler: HandlerOf<Name>): void {
    this.#runner.handlers.set(name, handler);
  }

  /** The device does operations of this kind no more. It declares so from the next link on. */
  withdraw(name: HandlerName): void {
    this.#runner.handlers.delete(name);
  }

  /**
   * Begins to connect, and keeps at it until `stop` or a reason not to; first reads what its store remembers. A stopped
   * device may be started again.
   */
  start(): void {
    this.#wanted = true;
    if (this.#load === undefined) return this.#connector.start();
    this.#loading ??= this.#load().then(
      () => {
        this.#load = undefined;
        if (this.#wanted) this.#connector.start();
      },
      (error) => {
        this.#loading = undefined;
        const detail = error instanceof Error ? error.message : String(error);
        this.#onStatus({ kind: 'stopped', cause: { reason: 'storeUnreadable', detail } });
      },
    );
  }

  /** The present state of the device's connection. */
  get currentStatus(): DeviceStatus {
    return this.#status;
  }

  /**
   * The present status, then every change, until the signal aborts. Slow readers find the latest status only: what lay
   * between is left out. Goes on when the device is stopped, for it may be started again.
   */
  status(signal?: AbortSignal): AsyncIterable<DeviceStatus> {
    return statusStream(this, signal);
  }

  /** Calls `listener` with every status from now on; returns a function that ends it. */
  onStatus(listener: (status: DeviceStatus) => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  /** Resolves when the device is connected; rejects with DeviceStopped, or with the signal's reason. */
  connected(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (status: DeviceStatus) => {
        if (status.kind === 'connected') resolve();
        else if (status.kind === 'stopped') reject(new DeviceStopped(status.cause));
        else return false;
        end();
        return true;
      };
      let unlisten = () => {};
      const end = () => {
        unlisten();
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      if (signal?.aborted) return abort();
      if (settle(this.#status)) return;
      unlisten = this.onStatus(settle);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Tells running commands to give up, says goodbye and resolves when the link has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#runner.abort(new Error('the device was stopped'));
    this.#tunnels?.close('the device was stopped');
    await this.#connector.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #allowTunnels({ tunnels, clock }: DeviceSettings, network: DeviceNetwork): TunnelOpener | undefined {
    if (tunnels === undefined) return undefined;
    const opener = new TunnelOpener({
      ...{ ...tunnels, clock, connect: network.connectForTunnels, openTarget: network.openTarget },
      server: () => (this.#status.kind === 'connected' ? this.#status.server : undefined),
    });
    this.#runner.handlers.allowTunnels((operation, context) => opener.open(operation, context));
    return opener;
  }

  #onStatus(status: DeviceStatus): void {
    this.#status = status;
    for (const listener of [...(this.#listeners ?? [])]) listener(status);
  }
}
