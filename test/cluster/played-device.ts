import { credentials } from '@grpc/grpc-js';
import { type device, fromStatus, type PushfleetError, serverIdentity } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';

/** A device by hand, over gRPC: it says what a test wants it to say. */
export class PlayedDevice implements Disposable {
  readonly #at: { address: string; port: number };
  readonly #ca: Buffer;
  readonly #clients: InstanceType<typeof DeviceLinkService>[] = [];

  constructor(at: { address: string; port: number }, ca: Buffer) {
    this.#at = at;
    this.#ca = ca;
  }

  /** Opens a link that declares `open_tunnel`; resolves with the first order to open one, to which it says yes. */
  async openTunnelOrder(ticket: string, onWelcome: () => void): Promise<NonNullable<device.Command['operation']>> {
    const call = this.#connect().connect();
    call.on('error', () => undefined);
    call.write({ hello: { ticket, agent: 'played', operations: ['open_tunnel'] } });
    return new Promise((resolve) => {
      call.on('data', ({ welcome, command }: device.ConnectResponse) => {
        if (welcome) onWelcome();
        if (!command?.operation) return;
        call.write({ delivered: { commandId: command.commandId } });
        call.write({ result: { commandId: command.commandId, succeeded: {} } });
        resolve(command.operation);
      });
    });
  }

  /** Comes for its end of a tunnel, on a new connection. `frames` hears what comes; resolves with how the call ended. */
  async come(token: string, frames: (frame: device.TunnelResponse) => void = () => {}): Promise<PushfleetError> {
    const call = this.#connect().tunnel();
    call.write({ hello: { token } });
    call.on('data', frames);
    return new Promise((resolve) => {
      call.on('error', (error) => resolve(fromStatus(error)));
    });
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
  }

  #connect(): InstanceType<typeof DeviceLinkService> {
    const { verify, options } = serverIdentity(this.#at.address);
    const secure = credentials.createSsl(this.#ca, null, null, verify);
    const address = `${this.#at.address}:${this.#at.port}`;
    const client = new DeviceLinkService(address, secure, { ...options, 'grpc.use_local_subchannel_pool': 1 });
    this.#clients.push(client);
    return client;
  }
}
