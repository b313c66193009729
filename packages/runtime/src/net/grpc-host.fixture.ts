import type { Socket } from 'node:net';
import type { ServerDuplexStream, ServerUnaryCall, ServiceDefinition, sendUnaryData } from '@grpc/grpc-js';
import { limitMessages, releaseLastMessage } from '@pushfleet/protocol';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Barrier } from '../barrier.ts';
import { silentLogger } from '../logger.ts';
import { GrpcHost, type GrpcHostOptions } from './grpc-host.ts';
import { Listener } from './listener.ts';

const asBytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };

function method(path: string, requestStream: boolean, responseStream: boolean) {
  const [requestSerialize, requestDeserialize] = [asBytes.serialize, asBytes.deserialize];
  const [responseSerialize, responseDeserialize] = [asBytes.serialize, asBytes.deserialize];
  const conversions = { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize };
  return { path, requestStream, responseStream, ...conversions };
}

/** A service of bytes: what it does stands in the first message. */
const service = {
  Unary: method('/test.Test/Unary', false, false),
  Stream: method('/test.Test/Stream', true, true),
} satisfies ServiceDefinition;

export interface TestHost extends AsyncDisposable {
  host: GrpcHost;
  listener: Listener;
  barrier: Barrier;
  clock: ManualClock;
  /** Calls of `Stream` that were handed to the handler and are not over. */
  open: Set<object>;
  /** Whether it has read all that was written to it on this connection. */
  hasRead(client: Socket): boolean;
}

const messages = {
  fail: (): never => {
    throw new Error('a handler fails');
  },
};

/**
 * A host with a service behind a listener without TLS. `Unary` answers with its request; `Stream` echoes each message, is
 * known after the message `admit`, takes messages of 100 bytes from unauthenticated clients, forgets what came last at `forget`, and ends after `end`. Both fail at `fail`.
 */
export async function startHost(change: Partial<GrpcHostOptions> = {}): Promise<TestHost> {
  const clock = new ManualClock();
  const barrier = new Barrier({ logger: silentLogger });
  const open = new Set<object>();
  const host: GrpcHost = new GrpcHost({
    ...{ maxMessageBytes: 1_000_000, idleMs: 3_600_000, greetingMs: 10_000, keepAliveMs: 3_600_000, endMs: 5_000 },
    ...{ pingEveryMs: 5_000, calls: { unauthenticated: 8, authenticated: 50 }, barrier, attended: clock },
    onAuthenticated: (socket) => listener.markAuthenticated(socket),
    ...change,
  });
  host.addService(service, {
    Unary: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      if (call.request.toString() === 'fail') messages.fail();
      answer(null, call.request);
    },
    Stream: (call: ServerDuplexStream<Buffer, Buffer>) => {
      open.add(call);
      limitMessages(call, 100);
      call.on('cancelled', () => open.delete(call));
      call.on('data', (message: Buffer) => onMessage(host, call, message));
    },
  });
  const connectionLimits = { connections: 100, unauthenticated: 100, unauthenticatedPerAddress: 100 };
  const sockets: Socket[] = [];
  const accept = (socket: Socket) => {
    sockets.push(socket);
    host.accept(socket);
  };
  const routes = { h2: accept };
  const hasRead = (client: Socket) =>
    sockets.some((socket) => socket.remotePort === client.localPort && socket.bytesRead >= client.bytesWritten);
  const listener = new Listener({ host: '127.0.0.1', port: 0, greetingDeadlineMs: 10_000, routes, connectionLimits });
  await listener.listen();
  const dispose = async () => {
    await host[Symbol.asyncDispose]();
    await listener[Symbol.asyncDispose]();
  };
  return { host, listener, barrier, clock, open, hasRead, [Symbol.asyncDispose]: dispose };
}

function onMessage(host: GrpcHost, call: ServerDuplexStream<Buffer, Buffer>, message: Buffer): void {
  const text = message.toString('latin1', 0, 10);
  if (text === 'fail') messages.fail();
  if (text === 'forget') releaseLastMessage(call);
  if (text === 'end') return void call.end();
  if (text === 'admit') {
    host.markAuthenticated(call);
    limitMessages(call, 1_000_000);
  }
  call.write(message);
}
