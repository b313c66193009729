import { AssignmentClient } from './assignment/client.ts';
import type { CommandHandler } from './commands/command.ts';
import { CommandRunner } from './commands/runner.ts';
import { Connector } from './connect/connector.ts';
import { Plan } from './connect/plan.ts';
import { askOverGrpc } from './grpc/balancer.ts';
import { grpcLinks } from './grpc/link.ts';
import { askOverHttps } from './https/balancer.ts';
import type { OpenLink } from './link.ts';
import { mqttLinks } from './mqtt/link.ts';
import { type DeviceOptions, type DeviceSettings, parseOptions } from './options.ts';
import { type DeviceStatus, DeviceStopped } from './status.ts';

/** @throws PushfleetError INVALID_ARGUMENT that names the option. */
export function createDevice(options: DeviceOptions): Device {
  return new Device(parseOptions(options));
}

/** A managed device: keeps a link to its push server and runs the commands that come over it. */
export class Device implements AsyncDisposable {
  readonly deviceId: string;
  readonly #runner: CommandRunner;
  readonly #connector: Connector;
  readonly #listeners = new Set<(status: DeviceStatus) => void>();
  #status: DeviceStatus = { kind: 'idle' };

  constructor(settings: DeviceSettings) {
    this.deviceId = settings.deviceId;
    this.#runner = new CommandRunner(settings);
    this.#connector = createConnector(settings, this.#runner, (status) => this.#onStatus(status));
  }

  /** Who runs the commands; replaces an earlier handler. Without one, commands are rejected. */
  onCommand(handler: CommandHandler): void {
    this.#runner.handler = handler;
  }

  /** Begins to connect, and keeps at it until `stop` or a reason not to. A stopped device may be started again. */
  start(): void {
    this.#connector.start();
  }

  status(): DeviceStatus {
    return this.#status;
  }

  /** Calls `listener` with every status from now on; returns a function that ends it. */
  onStatus(listener: (status: DeviceStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
      const end = () => {
        this.#listeners.delete(settle);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      if (signal?.aborted) return abort();
      if (settle(this.#status)) return;
      this.#listeners.add(settle);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Tells running commands to give up, says goodbye and resolves when the link has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#runner.abort(new Error('the device was stopped'));
    await this.#connector.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #onStatus(status: DeviceStatus): void {
    this.#status = status;
    for (const listener of [...this.#listeners]) listener(status);
  }
}

function createConnector(
  settings: DeviceSettings,
  user: CommandRunner,
  onStatus: (status: DeviceStatus) => void,
): Connector {
  const { clock, random, backoff, link, secureContext, plaintextLink } = settings;
  const ask = (link === 'grpc' ? askOverGrpc : askOverHttps)(secureContext);
  const assignment = new AssignmentClient({ ...settings, ask });
  return new Connector({
    plan: new Plan({ backoff, random, now: () => clock.now() }),
    ask: (unreachable, signal) => assignment.ask(unreachable, signal),
    open: createLinks(settings, plaintextLink),
    user,
    clock,
    onStatus,
  });
}

function createLinks(settings: DeviceSettings, plaintext: boolean): OpenLink {
  const linkSettings = { ...settings, secureContext: plaintext ? undefined : settings.secureContext };
  switch (settings.link) {
    case 'grpc':
      return grpcLinks(linkSettings);
    case 'mqtt':
      return mqttLinks(linkSettings, 5);
    case 'mqtt3':
      return mqttLinks(linkSettings, 4);
    default:
      throw new TypeError(settings.link satisfies never);
  }
}
