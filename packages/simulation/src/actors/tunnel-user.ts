import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { type admin, callerEnd, fromStatus, TunnelStream } from '@pushfleet/protocol';
import { TunnelService } from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { GrpcServer } from '../network/grpc-server.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { OnFailed } from './fleet-administrator.ts';
import { echoAt, ports, type Surroundings } from './surroundings.ts';

type Call = ClientDuplexStream<admin.OpenRequestInit, admin.OpenResponse>;

const everyMs = 6_000;
/** A device has 30 s to come, and its balancer a moment besides. */
const openWithinMs = 40_000;
const sizes = [1, 5_000, 100_000, 600_000] as const;
const closedPort = 9;

/**
 * Somebody who opens tunnels through devices to a server that says what it hears, sends through them, leaves some idle and others in the
 * midst of it, and looks at what comes back.
 */
export class TunnelUser {
  onFailed: OnFailed = () => {};
  readonly #surroundings: Surroundings;
  readonly #process: SimulatedProcess;
  readonly #balancers: readonly string[];
  readonly #devices: readonly { readonly id: string }[];
  #isBusy = true;

  constructor(surroundings: Surroundings, balancers: readonly string[], devices: readonly { readonly id: string }[]) {
    const { world, network } = surroundings;
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.#devices = devices;
    this.#process = new SimulatedProcess(world, 'tunnels', network.addHost(new Host('tunnels', '10.0.0.206')));
    const echo = new SimulatedProcess(world, 'echo', network.addHost(new Host('echo', echoAt.address)));
    new GrpcServer({
      ...{ network, process: echo, ...echoAt, services: [], onFault: () => {} },
      onSocket: (socket) => void socket.pipe(socket),
    });
  }

  start(): void {
    if (this.#devices.length > 0) this.#process.receive(() => this.#later());
  }

  stop(): void {
    this.#isBusy = false;
  }

  #later(): void {
    this.#process.clock.after(2 * everyMs * this.#process.random.next(), () => {
      if (!this.#isBusy) return;
      this.#open();
      this.#later();
    });
  }

  #open(): void {
    const { random, clock, world } = this.#process;
    const { network } = this.#surroundings;
    const deviceId = random.pick(this.#devices).id;
    const at = { network, process: this.#process, address: random.pick(this.#balancers), port: ports.admin };
    const client = createGrpcClient(TunnelService.service, at) as InstanceType<typeof TunnelService>;
    const call: Call = client.open();
    const askedAtMs = world.nowMs;
    const late = clock.after(openWithinMs, () => {
      this.onFailed('open of a tunnel', askedAtMs, 'DEADLINE_EXCEEDED');
      call.cancel();
    });
    const onError = (error: ServiceError) => {
      world.record('tunnels', `is told ${fromStatus(error).code} (${error.details})`, { device: deviceId });
      this.onFailed('open of a tunnel', askedAtMs, fromStatus(error).code);
    };
    call.on('error', onError);
    call.on('status', () => {
      late[Symbol.dispose]();
      client.close();
    });
    call.once('data', ({ opened }: admin.OpenResponse) => {
      late[Symbol.dispose]();
      call.pause();
      // From here on it ends with the reason of the tunnel's end.
      call.off('error', onError);
      world.record('tunnels', `has a tunnel through ${opened?.nodeId}`, { device: deviceId });
      this.#use(deviceId, new TunnelStream(callerEnd(call, clock), 'the balancer'));
    });
    const target = random.pick([
      ...[`${echoAt.address}:${echoAt.port}`, `${echoAt.address}:${echoAt.port}`, `${echoAt.address}:${echoAt.port}`],
      ...[`${echoAt.address}:${closedPort}`, '10.0.9.9:22'],
    ]);
    call.write({ target: { deviceId, target, ...random.pick([{}, { idleLimitMs: 2_000 }, { timeLimitMs: 5_000 }]) } });
  }

  #use(device: string, tunnel: TunnelStream): void {
    const { random, world, clock } = this.#process;
    const sent = random.bytes(64);
    const pieces = Math.ceil(random.pick(sizes) / sent.length);
    const whole = Buffer.concat(Array.from({ length: pieces }, () => sent));
    let heard = 0;
    tunnel.on('data', (bytes: Buffer) => {
      const isSame = whole.subarray(heard, heard + bytes.length).equals(bytes);
      heard += bytes.length;
      if (!isSame) world.find('a tunnel changes what it carries', `before byte ${heard}`, { device });
    });
    tunnel.on('error', ({ message }) => world.record('tunnels', `its tunnel ends: ${message}`, { device }));
    tunnel.on('end', () => {
      if (heard < whole.length && !tunnel.errored)
        world.find('a tunnel loses what it carries', `${heard} bytes of ${whole.length} came back`, { device });
    });
    tunnel.write(whole);
    const finish = random.pick([
      () => tunnel.end(),
      () => tunnel.end(),
      // Nobody ends it, but for its limits.
      () => {},
      () => tunnel.destroy(),
    ]);
    clock.after(random.pick([0, 10, 3_000]), finish);
    // It is not to be left over.
    clock.after(60_000, () => tunnel.destroy());
  }
}
