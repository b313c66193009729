import {
  type handleClientStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import {
  type admin,
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  PushfleetError,
  toStatus,
} from '@pushfleet/protocol';

export type StreamCall = ServerDuplexStream<admin.PushStreamRequest, admin.PushStreamResponseInit>;
export type WatchCall = ServerWritableStream<admin.WatchRequest, admin.WatchResponseInit>;

export interface TestBalancer extends AsyncDisposable {
  address: string;
  /** `authorization` of each unary call. */
  tokens: string[];
  /** By method; a PushfleetError is thrown, a promise that never settles never answers. */
  answers: Partial<Record<string, (request: never) => unknown>>;
  onStream: (call: StreamCall) => void;
  onWatch: (call: WatchCall) => void;
}

/** Serves the real admin API on a real socket; what it answers is the test's to say. */
export async function startBalancer(): Promise<TestBalancer> {
  const server = new Server();
  const state: TestBalancer = {
    address: '',
    tokens: [],
    answers: {},
    onStream: (call) => call.end(),
    onWatch: (call) => call.end(),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
  const unary = (method: string) => answerWith(state, method);
  server.addService(CommandService.service, {
    Push: unary('Push'),
    PushStream: (call: StreamCall) => state.onStream(call),
  });
  const handlers = Object.fromEntries(fleetMethods.map((method) => [method, unary(method)]));
  server.addService(FleetService.service, { ...handlers, ImportDevices: collect(state) });
  server.addService(
    MaintenanceService.service,
    Object.fromEntries(Object.keys(MaintenanceService.service).map((method) => [method, unary(method)])),
  );
  server.addService(EventService.service, { Watch: (call: WatchCall) => state.onWatch(call) });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  state.address = `127.0.0.1:${port}`;
  return state;
}

const fleetMethods = Object.keys(FleetService.service);

/** Answers with what `ImportDevices` of the answers makes of all rows. */
function collect(state: TestBalancer): handleClientStreamingCall<unknown, unknown> {
  return (call, done) => {
    const rows: unknown[] = [];
    call.on('data', (row) => rows.push(row));
    call.on('end', () => answerWith(state, 'ImportDevices')({ metadata: call.metadata, request: rows } as never, done));
  };
}

function answerWith(state: TestBalancer, method: string): handleUnaryCall<unknown, unknown> {
  return (call, done) => {
    state.tokens.push(String(call.metadata.get('authorization')[0]));
    Promise.try(() => state.answers[method]?.(call.request as never)).then(
      (answer) => done(null, answer ?? {}),
      (error: unknown) =>
        done(toStatus(error instanceof PushfleetError ? error : new PushfleetError('INTERNAL', `${error}`))),
    );
  };
}
