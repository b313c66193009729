import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Metadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type device, PushfleetError, serverEnd, TunnelStream, toStatus } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { systemClock } from '../clock.ts';

type Call = ServerDuplexStream<device.TunnelRequest, device.TunnelResponseInit>;

/** A push server that takes every token but `bad`, and an echo server to which tunnels can lead. */
export class FarEnd implements AsyncDisposable {
  readonly tunnels: TunnelStream[] = [];
  readonly peers = new Set<string>();
  server: device.Server = { nodeId: 'dp1', address: '127.0.0.1', port: 0 };
  target = '';
  readonly #grpc = new Server();
  readonly #echo = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });

  static async open(): Promise<FarEnd> {
    const end = new FarEnd();
    end.#grpc.addService(DeviceLinkService.service, { Tunnel: (call: Call) => end.#take(call) });
    end.server.port = await new Promise<number>((resolve, reject) =>
      end.#grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    end.#echo.listen(0, '127.0.0.1');
    await once(end.#echo, 'listening');
    end.target = `127.0.0.1:${(end.#echo.address() as AddressInfo).port}`;
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#grpc.forceShutdown();
    this.#echo.close();
  }

  #take(call: Call): void {
    call.once('data', ({ hello }: device.TunnelRequest) => {
      call.pause();
      if (hello?.token === 'bad') {
        call.emit('error', toStatus(new PushfleetError('BAD_TOKEN', 'no good')));
        return;
      }
      call.sendMetadata(new Metadata());
      this.peers.add(call.getPeer());
      const tunnel = new TunnelStream(serverEnd(call, systemClock), 'the device');
      tunnel.on('error', () => undefined);
      this.tunnels.push(tunnel);
    });
  }
}
