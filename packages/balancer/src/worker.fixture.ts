import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type DeviceId, type node, parseBootId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { NodeRecord, Registry, SessionRef, WorkerRef } from '@pushfleet/registry';
import type { ClusterCredentials } from '@pushfleet/runtime';

type ChannelCall = ServerDuplexStream<node.ChannelRequest, node.ChannelResponseInit>;

/** The reaction of the fake worker to each command; by default the device confirms and succeeds. */
export type OnPush = (push: node.PushCommand, worker: FakeWorker) => void;

let boots = 0;

/** The reaction to each request to redirect devices; by default all are redirected at once. */
export type OnRedirect = (order: node.RedirectRequest, worker: FakeWorker) => void;

/** A worker as balancers see it: a real NodeControlService server over mutual TLS, and its record in the registry. */
export class FakeWorker implements AsyncDisposable {
  readonly ref: WorkerRef;
  readonly received: node.PushCommand[] = [];
  readonly orders: node.RedirectRequest[] = [];
  /** The chunks as they came; their commands are received one by one as well. */
  readonly chunks: node.PushChunk[] = [];
  readonly wakeups: node.Wakeup[] = [];
  readonly cancels: node.CancelCommand[] = [];
  readonly discards: node.DiscardUnsent[] = [];
  /** The period of its signs of life that it announces, in milliseconds; 0: none. */
  keepAliveMs = 0;
  /** The versions of the control protocol that it announces; none, as a worker that knows of no versions. */
  versions: Pick<node.WorkerHelloInit, 'oldestVersion' | 'newestVersion'> = {};
  readonly voided: node.VoidTickets[] = [];
  readonly checked: node.SessionCheck[] = [];
  /** The reaction to a command that is withdrawn; by default none. */
  onCancel: (order: node.CancelCommand, worker: FakeWorker) => void = () => {};
  /** The reaction to a caller that goes away; by default none, as where the command is on the wire. */
  onDiscard: (discard: node.DiscardUnsent, worker: FakeWorker) => void = () => {};
  onRedirect: OnRedirect = ({ redirectId, deviceCount: redirected }, worker) =>
    worker.reportRedirect({ redirectId, redirected, done: true });
  onPush: OnPush = (push, worker) => {
    worker.report(push, { delivered: {} });
    worker.report(push, { result: { succeeded: { output: Buffer.from('done') } } });
  };
  readonly #registry: Registry;
  readonly #credentials: ClusterCredentials;
  readonly #calls = new Set<ChannelCall>();
  #server = new Server();
  #port = 0;

  static async start(registry: Registry, credentials: ClusterCredentials, nodeId: string): Promise<FakeWorker> {
    const worker = new FakeWorker(registry, credentials, nodeId);
    await worker.listen();
    await registry.nodes.register(worker.record());
    return worker;
  }

  private constructor(registry: Registry, credentials: ClusterCredentials, nodeId: string) {
    boots += 1;
    const bootId = parseBootId(`boot-${boots}-${process.pid}`);
    this.ref = { nodeId: parseNodeId(nodeId), workerId: parseWorkerId('w0'), bootId };
    this.#registry = registry;
    this.#credentials = credentials;
  }

  get channels(): number {
    return this.#calls.size;
  }

  record(change: Partial<NodeRecord> = {}): NodeRecord {
    const { nodeId, workerId, bootId } = this.ref;
    const controlAddress = `127.0.0.1:${this.#port}`;
    return {
      nodeId,
      bootId,
      status: 'ready',
      address: `${nodeId}.example`,
      port: 13_295,
      capacity: 100,
      weight: 100,
      workers: [{ workerId, bootId, pid: 1, controlAddress, live: 0, capacity: 100 }],
      ...change,
    };
  }

  async beat(change: Partial<NodeRecord> = {}): Promise<void> {
    await this.#registry.nodes.heartbeat(this.record(change), { arrived: [], left: [], events: [] });
  }

  async openSession(device: string): Promise<SessionRef> {
    const by = { link: 'mqtt', generation: Number.MAX_SAFE_INTEGER } as const;
    const opened = await this.#registry.sessions.open(device as DeviceId, this.ref, by);
    if (opened === 'void') throw new Error(`the ticket of "${device}" is void`);
    const { epoch } = opened;
    return { ...this.ref, epoch, link: 'mqtt', openedAtMs: 0 };
  }

  report({ commandId, deviceId }: Pick<node.PushCommand, 'commandId' | 'deviceId'>, report: node.CommandReportInit) {
    for (const call of this.#calls) call.write({ reports: [{ commandId, deviceId, ...report }] });
  }

  reportRedirect(report: node.RedirectProgressInit): void {
    for (const call of this.#calls) call.write({ redirectProgress: [report] });
  }

  async listen(): Promise<void> {
    this.#server = new Server();
    this.#server.addService(NodeControlService.service, {
      Channel: (call: ChannelCall) => this.#open(call),
      Evict: () => {},
    });
    const { ca, key, cert } = this.#credentials;
    const credentials = ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], true);
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${this.#port}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  sayAlive(): void {
    for (const call of this.#calls) call.write({});
  }

  /** Ends like a process that is killed: every connection breaks, the record stays. */
  crash(): void {
    this.#server.forceShutdown();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.crash();
  }

  #open(call: ChannelCall): void {
    this.#calls.add(call);
    const drop = () => this.#calls.delete(call);
    call.on('cancelled', drop);
    call.on('error', drop);
    call.on('end', () => call.end());
    call.write({ hello: { ...this.ref, keepAliveMs: this.keepAliveMs, ...this.versions } });
    call.on('data', (request: node.ChannelRequest) => {
      const { pushes, chunks, redirects, wakeups, cancels, discards } = request;
      this.voided.push(...request.voidTickets);
      this.checked.push(...request.sessionChecks);
      this.chunks.push(...chunks);
      this.wakeups.push(...wakeups);
      for (const push of [...pushes, ...chunks.flatMap(unfold)]) {
        this.received.push(push);
        this.onPush(push, this);
      }
      for (const order of cancels) {
        this.cancels.push(order);
        this.onCancel(order, this);
      }
      for (const discard of discards) {
        this.discards.push(discard);
        this.onDiscard(discard, this);
      }
      for (const order of redirects) {
        this.orders.push(order);
        this.onRedirect(order, this);
      }
    });
  }
}

function unfold({ targets, ...shared }: node.PushChunk): node.PushCommand[] {
  return targets.map((target) => ({ ...shared, ...target, redelivered: false, trace: null }));
}
