import { readFileSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { commandFilter, parseDeviceId } from '@pushfleet/protocol';
import { generate, type Packet } from 'mqtt-packet';
import { askTicket } from '../cluster/ask-assignment.ts';
import type { TestCluster } from '../cluster/test-cluster.ts';
import { testSecret } from '../cluster/test-devices.ts';
import { lengthDelimited } from '../wire/protobuf.ts';
import { AnswerReader } from './answer-reader.ts';
import type { BytesCase, CallCase, FuzzCase, PortName } from './fuzz-case.ts';
import { fuzzDevice } from './mqtt-grammar.ts';

/** How long a case waits for answers once it has said everything. */
const answerMs = 150;
const connectMs = 10_000;
/** A ticket is good for ten minutes. */
const ticketMs = 300_000;

export type Ports = Record<PortName, number>;

/** Plays cases against a cluster, each on a connection of its own. */
export class Player implements Disposable {
  readonly #cluster: TestCluster;
  readonly #ports: Ports;
  readonly #token: string;
  readonly #clients = new Map<PortName, Client>();
  #ticket: { value: string; atMs: number } | undefined;

  constructor(cluster: TestCluster, ports: Ports, token: string) {
    this.#cluster = cluster;
    this.#ports = ports;
    this.#token = token;
  }

  /** Resolves with the answer in a few words: there are few of them, and each is a state of the protocol reached. */
  play(fuzzCase: FuzzCase): Promise<string> {
    return fuzzCase.kind === 'bytes' ? this.#playBytes(fuzzCase) : this.#playCall(fuzzCase);
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #playBytes({ port, alpn, session, chunks }: BytesCase): Promise<string> {
    const socket = this.#connect(port, alpn);
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    try {
      const isOpen = await Promise.race([opened(socket), closed.then(() => false), delay(connectMs).then(() => false)]);
      if (!isOpen) return 'not connected';
      const reader = new AnswerReader(socket, speaks(port, alpn));
      if (session) await this.#openSession(socket, session, reader);
      for (const chunk of chunks) {
        if (!socket.writable) break;
        socket.write(chunk);
        await new Promise(setImmediate);
      }
      const end = await Promise.race([closed.then(() => 'closed'), delay(answerMs).then(() => 'open')]);
      return `${session ? 'session, ' : ''}${reader.summary()}, ${end}`;
    } finally {
      socket.destroy();
    }
  }

  #connect(port: PortName, alpn: BytesCase['alpn']): Socket {
    const at = { host: '127.0.0.1', port: this.#ports[port] };
    if (port === 'rest') return net.connect(at);
    const more = alpn ? { ALPNProtocols: [alpn] } : {};
    return tls.connect({ ...at, ...more, ...this.#memberKeys(port), rejectUnauthorized: false });
  }

  /** Only members of the cluster get past the handshake of these ports. */
  #memberKeys(port: PortName) {
    if (!isInside(port)) return {};
    const file = (name: string) => readFileSync(join(this.#cluster.stateDir, name));
    return { key: file('cluster.key'), cert: file('cluster.crt') };
  }

  async #openSession(socket: Socket, session: 'mqtt5' | 'mqtt3', reader: AnswerReader): Promise<void> {
    const protocolVersion = session === 'mqtt5' ? 5 : 4;
    const write = (packet: Packet) => socket.write(generate(packet, { protocolVersion }));
    const password = Buffer.from(await this.#getTicket());
    const names = { protocolId: 'MQTT' as const, clientId: fuzzDevice, username: fuzzDevice };
    write({ cmd: 'connect', protocolVersion, clean: true, keepalive: 30, password, ...names });
    const topic = commandFilter(parseDeviceId(fuzzDevice));
    write({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
    reader.readAs(protocolVersion);
    await Promise.race([reader.heard('suback'), delay(connectMs)]);
  }

  async #playCall({ port, method, greeted, messages }: CallCase): Promise<string> {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${this.#token}`);
    const client = this.#client(port);
    const ticket = greeted ? await this.#getTicket() : '';
    return new Promise((resolve) => {
      const call = client.makeBidiStreamRequest(method, Buffer.from, Buffer.from, metadata);
      let answers = 0;
      call.on('data', () => {
        answers += 1;
      });
      call.on('error', () => {});
      call.on('status', ({ code }) => resolve(`${method.split('/').at(-1)} ${status[code]}`));
      if (greeted) call.write(helloMessage(ticket));
      for (const message of messages) call.write(message);
      call.end();
      setTimeout(() => {
        resolve(`${method.split('/').at(-1)} ${answers > 0 ? 'answers' : 'silent'}`);
        call.cancel();
      }, 10 * answerMs).unref();
    });
  }

  #client(port: PortName): Client {
    const known = this.#clients.get(port);
    if (known) return known;
    const { key, cert } = this.#memberKeys(port);
    const secure = credentials.createSsl(this.#authority(port), key ?? null, cert ?? null, {
      checkServerIdentity: () => undefined,
    });
    const client = new Client(`127.0.0.1:${this.#ports[port]}`, secure, {
      'grpc.ssl_target_name_override': 'address.invalid',
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
    this.#clients.set(port, client);
    return client;
  }

  #authority(port: PortName): Buffer {
    return isInside(port) ? readFileSync(join(this.#cluster.stateDir, 'cluster-ca.crt')) : this.#cluster.ca;
  }

  async #getTicket(): Promise<string> {
    const now = performance.now();
    if (this.#ticket && now - this.#ticket.atMs < ticketMs) return this.#ticket.value;
    const url = this.#cluster.assignUrls[0] as string;
    const { ticket } = await askTicket(url, this.#cluster.ca, fuzzDevice, testSecret);
    this.#ticket = { value: ticket, atMs: now };
    return ticket;
  }
}

/** ConnectRequest { hello { ticket } } */
function helloMessage(ticket: string): Buffer {
  return lengthDelimited(1, lengthDelimited(1, Buffer.from(ticket)));
}

function speaks(port: PortName, alpn: BytesCase['alpn']) {
  if (alpn === 'h2') return 'http2';
  return port === 'device' ? 'mqtt' : 'http1';
}

function opened(socket: Socket): Promise<boolean> {
  const event = socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect';
  return new Promise((resolve) => socket.once(event, () => resolve(true)));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

function isInside(port: PortName): boolean {
  return port === 'control' || port === 'peer';
}
