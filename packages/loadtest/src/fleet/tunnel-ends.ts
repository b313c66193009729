import { once } from 'node:events';
import net from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { callerEnd, formatHostPort, parseTarget, serverIdentity, splice, TunnelStream } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { systemClock } from '@pushfleet/runtime';
import { isLoopback } from '../device/dial.ts';
import type { LeanDevice } from '../device/lean-device.ts';
import type { LeanCommand, ServerAddress } from '../device/link.ts';
import type { FleetTask } from './messages.ts';

/** Bytes that may be on their way to the device, unread. */
const windowBytes = 262_144;

/** The devices' ends of tunnels: each a gRPC call on a connection of its own, to a target on this machine. */
export class TunnelEnds {
  readonly #task: FleetTask;
  #secureContext: SecureContext | undefined;

  constructor(task: FleetTask) {
    this.#task = task;
  }

  /** Opens a tunnel, and answers its command once data can flow. */
  open(device: LeanDevice, { id, tunnel }: LeanCommand): void {
    const { server } = device;
    if (tunnel === undefined || server === undefined) return device.answer(id, 'no link');
    this.#join(server, tunnel.target, tunnel.token).then(
      () => device.answer(id),
      (error: Error) => device.answer(id, error.message),
    );
  }

  async #join(server: ServerAddress, target: string, token: string): Promise<void> {
    const { host, port } = parseTarget(target);
    if (!isLoopback(host)) throw new Error(`no tunnels to ${target}`);
    const socket = net.connect({ host, port, allowHalfOpen: true });
    await once(socket, 'connect');
    const client = this.#connect(server);
    const call = client.tunnel();
    call.once('status', () => client.close());
    call.write({ hello: { token } });
    try {
      await once(call, 'metadata');
    } catch (error) {
      socket.destroy();
      throw error;
    }
    void splice(new TunnelStream(callerEnd(call, systemClock), 'the push server'), socket);
  }

  #connect({ address, port }: ServerAddress): InstanceType<typeof DeviceLinkService> {
    const { plain, ca } = this.#task;
    const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc-node.flow_control_window': windowBytes };
    const target = formatHostPort(address, port);
    if (plain) return new DeviceLinkService(target, credentials.createInsecure(), options);
    this.#secureContext ??= createSecureContext({ ca, minVersion: 'TLSv1.2' });
    const identity = serverIdentity(address);
    const secure = credentials.createFromSecureContext(this.#secureContext, identity.verify);
    return new DeviceLinkService(target, secure, { ...options, ...identity.options });
  }
}
