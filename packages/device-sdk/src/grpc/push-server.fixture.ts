import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type CloseReason, closeStatus, type device } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { Inbox } from '../inbox.fixture.ts';
import type { Said, TestLink, TestPushServer, TestServerOptions } from '../push-server.fixture.ts';

type Call = ServerDuplexStream<device.ConnectRequest, device.ConnectResponseInit>;

function serverCredentials(tls: TestServerOptions['tls']): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]);
}

export function listen(server: Server, tls: TestServerOptions['tls']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', serverCredentials(tls), (error, port) => (error ? reject(error) : resolve(port)));
  });
}

export async function startGrpcPushServer(options: TestServerOptions = {}): Promise<TestPushServer> {
  const { nodeId = 'dp1', keepAliveMs = 60_000, tls } = options;
  const server = new Server();
  const state: TestPushServer = {
    server: { nodeId, address: '127.0.0.1', port: 0 },
    links: new Inbox(),
    refusal: undefined,
    silent: false,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
  server.addService(DeviceLinkService.service, { Connect: (call: Call) => serve(call, state, keepAliveMs) });
  state.server.port = await listen(server, tls);
  return state;
}

function serve(call: Call, state: TestPushServer, keepAliveMs: number): void {
  const said = new Inbox<Said>();
  call.on('data', (message: device.ConnectRequest) => {
    const { hello, delivered, result, ping, goodbye } = message;
    if (hello) onHello(call, state, keepAliveMs, hello, said);
    if (delivered) said.push({ kind: 'delivered', id: delivered.commandId });
    if (result) said.push({ kind: 'result', result });
    if (goodbye) said.push({ kind: 'goodbye' });
    if (!ping) return;
    said.push({ kind: 'ping' });
    if (!state.silent) call.write({ pong: {} });
  });
  call.on('end', () => call.end());
  call.on('error', () => undefined);
  call.on('cancelled', () => said.push({ kind: 'gone' }));
}

function onHello(call: Call, state: TestPushServer, keepAliveMs: number, hello: device.Hello, said: Inbox<Said>): void {
  if (state.refusal !== undefined) return close(call, state.refusal.reason, state.refusal.redirect);
  call.write({ welcome: { deviceId: '', nodeId: state.server.nodeId, keepAliveMs } });
  state.links.push(toLink(call, hello, said));
}

function toLink(call: Call, { ticket, operations }: device.Hello, said: Inbox<Said>): TestLink {
  return {
    ticket,
    operations,
    said,
    send: (commandId, operation, durable = false) => {
      call.write({ command: { commandId, operation, finishWithinMs: 30_000, durable } });
    },
    cancel: (commandId, reason) => call.write({ cancel: { commandId, reason } }),
    receive: (commandId) => call.write({ resultReceived: { commandId } }),
    close: (reason, redirect) => close(call, reason, redirect),
    cut: () => call.emit('error', { code: 14, details: 'cut' }),
  };
}

function close(call: Call, reason: CloseReason, redirect: device.Server | undefined): void {
  if (redirect) call.write({ redirect: { server: redirect, reason } });
  call.emit('error', closeStatus(reason));
}
