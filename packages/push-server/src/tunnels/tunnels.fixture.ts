import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { callerEnd, type DeviceId, fromStatus, type node, type TunnelId, TunnelStream } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { NodeControlService } from '@pushfleet/protocol/node';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { DeviceTunnelCall, NodeTunnelCall } from './tunnels.ts';
import { Tunnels } from './tunnels.ts';

/** Tunnels behind real gRPC services, with what devices and balancers do there. A token is the id of its tunnel. */
export class TunnelHarness implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly announced: node.TunnelArrivalInit[] = [];
  readonly tunnels: Tunnels;
  readonly #server = new Server();
  readonly #closers: (() => void)[] = [];
  /** One connection of them all. */
  #devices: InstanceType<typeof DeviceLinkService> | undefined;
  #address = '';

  static async open(): Promise<TunnelHarness> {
    const harness = new TunnelHarness();
    await harness.#listen();
    return harness;
  }

  private constructor() {
    this.tunnels = new Tunnels({
      attended: this.clock,
      verify: async (token) =>
        token.startsWith('t-') ? { tunnel: token as TunnelId, device: 'd1' as DeviceId } : undefined,
      announce: (arrival) => this.announced.push(arrival),
      clock: this.clock,
      logger: silentLogger,
    });
  }

  /** A device comes. Resolves when its token was taken; rejects with a PushfleetError. */
  async come(token: string): Promise<TunnelStream> {
    if (!this.#devices) {
      const client = new DeviceLinkService(this.#address, credentials.createInsecure());
      this.#closers.push(() => client.close());
      this.#devices = client;
    }
    const call = this.#devices.tunnel();
    call.write({ hello: { token } });
    await new Promise<void>((resolve, reject) => {
      call.once('metadata', () => resolve());
      call.on('error', (error) => reject(fromStatus(error)));
    });
    return quiet(new TunnelStream(callerEnd(call, systemClock), 'the push server'));
  }

  /** A balancer comes. */
  async attach(tunnelId: string): Promise<TunnelStream> {
    const client = new NodeControlService(this.#address, credentials.createInsecure());
    this.#closers.push(() => client.close());
    const call = client.tunnel();
    call.write({ attach: { tunnelId } });
    await new Promise<void>((resolve, reject) => {
      call.once('metadata', () => resolve());
      call.on('error', reject);
    });
    return quiet(new TunnelStream(callerEnd(call, systemClock), 'the push server'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers) close();
    this.#server.forceShutdown();
  }

  async #listen(): Promise<void> {
    this.#server.addService(DeviceLinkService.service, {
      Tunnel: (call: DeviceTunnelCall) => void this.tunnels.onDevice(call),
    });
    this.#server.addService(NodeControlService.service, {
      Tunnel: (call: NodeTunnelCall) => void this.tunnels.onBalancer(call),
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.#address = `127.0.0.1:${port}`;
  }
}

/** An error that nobody waits for is no failure of the test. */
function quiet(stream: TunnelStream): TunnelStream {
  return stream.on('error', () => undefined);
}
