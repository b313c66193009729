import {
  type handleClientStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { type admin, PushfleetError, toStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';

export type StreamCall = ServerDuplexStream<admin.PushStreamRequest, admin.PushStreamResponseInit>;
/** A call of WatchCommand or of WatchGroupPush. */
export type WatchCall = ServerWritableStream<
  admin.WatchCommandRequest & admin.WatchGroupPushRequest,
  admin.WatchCommandResponseInit & admin.WatchGroupPushResponseInit
>;
export type EventsCall = ServerWritableStream<admin.WatchRequest, admin.WatchResponseInit>;

export interface TestBalancer extends AsyncDisposable {
  address: string;
  /** For more services. */
  server: Server;
  /** `authorization` of each unary call. */
  tokens: string[];
  /** The deadline that came with the last call of each method. */
  deadlines: Record<string, Date | number>;
  /** By method; a PushfleetError is thrown, a promise that never settles never answers. */
  answers: Partial<Record<string, (request: never) => unknown>>;
  onStream: (call: StreamCall) => void;
  onWatch: (call: WatchCall) => void;
  onEvents: (call: EventsCall) => void;
}

/**
 * Serves the real admin API on a real socket; what it answers is the test's to say. The system may give any port of its own to another
 * process as soon as the balancer is gone.
 */
export async function startBalancer({ maxMessageBytes = 4_194_304, port: wanted = 0 } = {}): Promise<TestBalancer> {
  const server = new Server({ 'grpc.max_receive_message_length': maxMessageBytes });
  const state: TestBalancer = {
    address: '',
    server,
    tokens: [],
    deadlines: {},
    answers: {},
    onStream: (call) => call.end(),
    onWatch: (call) => call.end(),
    onEvents: (call) => call.end(),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
  const unary = (method: string) => answerWith(state, method);
  const recorded =
    <Call extends { getDeadline(): Date | number }>(method: string, serve: (call: Call) => void) =>
    (call: Call) => {
      state.deadlines[method] = call.getDeadline();
      serve(call);
    };
  const unaryOf = ({ service }: { service: object }) =>
    Object.fromEntries(Object.keys(service).map((method) => [method, unary(method)]));
  server.addService(CommandService.service, {
    ...unaryOf(CommandService),
    PushStream: recorded('PushStream', (call: StreamCall) => state.onStream(call)),
    WatchCommand: recorded('WatchCommand', (call: WatchCall) => state.onWatch(call)),
    WatchGroupPush: recorded('WatchGroupPush', (call: WatchCall) => state.onWatch(call)),
  });
  server.addService(FleetService.service, { ...unaryOf(FleetService), ImportDevices: collect(state) });
  server.addService(MaintenanceService.service, unaryOf(MaintenanceService));
  server.addService(EventService.service, {
    Watch: recorded('Watch', (call: EventsCall) => state.onEvents(call)),
    WatchAudit: recorded('WatchAudit', (call: EventsCall) => state.onEvents(call)),
  });
  server.addService(OverviewService.service, {
    ...unaryOf(OverviewService),
    WatchOverview: recorded('WatchOverview', (call: EventsCall) => state.onEvents(call)),
  });
  server.addService(TokenService.service, unaryOf(TokenService));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync(`127.0.0.1:${wanted}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  state.address = `127.0.0.1:${port}`;
  return state;
}

/** Answers with what `ImportDevices` of the answers makes of all rows. */
function collect(state: TestBalancer): handleClientStreamingCall<unknown, unknown> {
  return (call, done) => {
    state.deadlines.ImportDevices = call.getDeadline();
    const rows: unknown[] = [];
    call.on('data', (row) => rows.push(row));
    call.on('end', () => answerWith(state, 'ImportDevices')({ metadata: call.metadata, request: rows } as never, done));
  };
}

function answerWith(state: TestBalancer, method: string): handleUnaryCall<unknown, unknown> {
  return (call, done) => {
    state.deadlines[method] = call.getDeadline?.() ?? state.deadlines[method] ?? 0;
    state.tokens.push(String(call.metadata.get('authorization')[0]));
    Promise.try(() => state.answers[method]?.(call.request as never)).then(
      (answer) => done(null, answer ?? {}),
      (error: unknown) =>
        done(toStatus(error instanceof PushfleetError ? error : new PushfleetError('INTERNAL', `${error}`))),
    );
  };
}
