// What TLS costs in Node.js without anything of ours: a bare `node:tls` server and its clients, a process each.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls, { type TLSSocket } from 'node:tls';
import { createStateDirectory } from 'pushfleet';
import { cpuSeconds } from './machine.ts';

type Task =
  | { kind: 'serve'; cert: string; key: string }
  | { kind: 'connect'; port: number; ca: string; connections: number; resume: boolean }
  | { kind: 'close' };

const concurrency = 16;
const warmUpConnections = 500;

/** A process that does one of these tasks after the other. */
export class BareTls implements AsyncDisposable {
  readonly #child: ChildProcess = fork(import.meta.filename, ['child']);

  get pid(): number {
    return this.#child.pid as number;
  }

  /** @returns Its port, or the number of sessions that were resumed. */
  async run(task: Task): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[number]>;
    this.#child.send(task);
    return (await answer)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}

/** A server and its clients, for the CPU of its handshakes. */
export class BareHandshakes implements AsyncDisposable {
  readonly #server = new BareTls();
  readonly #client = new BareTls();
  #port = 0;
  #ca = '';

  static async create(): Promise<BareHandshakes> {
    const bare = new BareHandshakes();
    const directory = await mkdtemp(join(tmpdir(), 'pushfleet-bare-'));
    await createStateDirectory({ path: directory });
    const read = (name: string) => readFile(join(directory, name), 'utf8');
    bare.#ca = await read('ca.crt');
    bare.#port = await bare.#server.run({
      kind: 'serve',
      cert: await read('server.crt'),
      key: await read('server.key'),
    });
    await rm(directory, { recursive: true });
    for (const resume of [false, true]) await bare.measure(resume, warmUpConnections);
    return bare;
  }

  /** Milliseconds of the server's CPU for a connection: handshake, a few bytes, and its end. */
  async measure(resume: boolean, connections: number): Promise<number> {
    const before = cpuSeconds(this.#server.pid);
    await this.#client.run({ kind: 'connect', port: this.#port, ca: this.#ca, connections, resume });
    await this.#client.run({ kind: 'close' });
    return ((cpuSeconds(this.#server.pid) - before) / connections) * 1_000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }
}

const open: TLSSocket[] = [];
let session: Buffer | undefined;

async function serve(cert: string, key: string): Promise<number> {
  const server = tls.createServer({ cert, key, ecdhCurve: 'X25519:P-256' }, (socket) => {
    socket.on('error', () => {}).resume();
    socket.write('hello');
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connectOne(port: number, secureContext: tls.SecureContext, resume: boolean): Promise<boolean> {
  const offered = resume && session ? { session } : {};
  const socket = tls.connect({ port, host: '127.0.0.1', secureContext, ...offered });
  socket.on('session', (given) => {
    session = given;
  });
  open.push(socket);
  await once(socket, 'data');
  return socket.isSessionReused();
}

async function connect({ port, ca, connections, resume }: Extract<Task, { kind: 'connect' }>): Promise<number> {
  const secureContext = tls.createSecureContext({ ca, ecdhCurve: 'X25519:P-256' });
  let [left, resumed] = [connections, 0];
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (; left > 0; ) {
        left -= 1;
        if (await connectOne(port, secureContext, resume)) resumed += 1;
      }
    }),
  );
  return resumed;
}

async function close(): Promise<number> {
  const closing = open.splice(0);
  await Promise.all(closing.map((socket) => once(socket.resume().end(), 'close')));
  return closing.length;
}

async function perform(task: Task): Promise<number> {
  if (task.kind === 'serve') return await serve(task.cert, task.key);
  return task.kind === 'connect' ? await connect(task) : await close();
}

if (process.argv[2] === 'child') {
  process.on('message', (task: Task) => void perform(task).then((answer) => process.send?.(answer)));
  process.once('disconnect', () => process.exit(0));
}
