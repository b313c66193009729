import {
  type ClientDuplexStream,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import type * as node from '../gen/node.ts';
import { NodeControlService } from '../node.ts';

type ClientCall = ClientDuplexStream<node.TunnelRequestInit, node.TunnelResponse>;
type ServerCall = ServerDuplexStream<node.TunnelRequest, node.TunnelResponseInit>;

/** Both ends of one NodeControlService.Tunnel call, over a real connection; the first message has been read. */
export interface JoinedCalls extends AsyncDisposable {
  client: ClientCall;
  server: ServerCall;
  /** Cuts the connection. */
  cut(): void;
}

export async function joinCalls(): Promise<JoinedCalls> {
  const grpc = new Server();
  const arrived = Promise.withResolvers<ServerCall>();
  grpc.addService(NodeControlService.service, {
    Tunnel: (call: ServerCall) =>
      call.once('data', () => {
        call.pause();
        arrived.resolve(call);
      }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new NodeControlService(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = client.tunnel();
  call.write({ attach: { tunnelId: 't' } });
  return {
    client: call,
    server: await arrived.promise,
    cut: () => grpc.forceShutdown(),
    [Symbol.asyncDispose]: async () => {
      client.close();
      grpc.forceShutdown();
    },
  };
}
