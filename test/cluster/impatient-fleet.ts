import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import { generate } from 'mqtt-packet';
import { eventually } from './eventually.ts';

export interface ImpatientFleetOptions {
  port: number;
  ca: Buffer;
  /** By device id. */
  tickets: ReadonlyMap<string, string>;
  /** Each gives up an attempt that has not led to a link by then, and comes again. Time in which this process stood still is not counted. */
  patienceMs: number;
  /** Attempts that begin, whatever becomes of them, as long as there are devices without one. */
  offeredPerSecond: number;
}

interface Attempt {
  socket: TLSSocket;
  /** The tick in which it began. */
  tick: number;
}

const tickMs = 20;
const subscriptionId = 1;
/** The first byte of a SUBACK: the device is live. */
const suback = 0x90;

/** Lean MQTT devices that show good tickets, wait for so long and not longer, and take no advice. */
export class ImpatientFleet implements Disposable {
  attempts = 0;
  timeouts = 0;
  /** Links that stood and were ended by the other side. */
  lost = 0;
  readonly #options: ImpatientFleetOptions;
  readonly #secureContext: SecureContext;
  readonly #idle: string[];
  readonly #links = new Set<TLSSocket>();
  /** Oldest first. */
  readonly #attempts = new Map<TLSSocket, Attempt>();
  readonly #timer: NodeJS.Timeout;
  #owed = 0;
  #tick = 0;

  constructor(options: ImpatientFleetOptions) {
    this.#options = options;
    // One for each of them would cost more than its handshake.
    this.#secureContext = tls.createSecureContext({ ca: options.ca });
    this.#idle = [...options.tickets.keys()];
    this.#timer = setInterval(() => this.#onTick(), tickMs);
  }

  get connected(): number {
    return this.#links.size;
  }

  /** Waits until all have their links, or it is of no use to wait longer. */
  async allConnected(withinMs: number, isHopeless: () => boolean): Promise<void> {
    const isOver = () => this.connected === this.#options.tickets.size || isHopeless();
    await eventually('every device is connected', isOver, withinMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const socket of [...this.#links, ...this.#attempts.keys()]) socket.removeAllListeners('close').destroy();
  }

  #onTick(): void {
    this.#tick += 1;
    const { offeredPerSecond, patienceMs } = this.#options;
    for (const { socket, tick } of this.#attempts.values()) {
      if ((this.#tick - tick) * tickMs < patienceMs) break;
      this.timeouts += 1;
      this.#attempts.delete(socket);
      socket.destroy();
    }
    this.#owed += (offeredPerSecond * tickMs) / 1_000;
    for (; this.#owed >= 1; this.#owed -= 1) {
      const id = this.#idle.shift();
      if (id !== undefined) this.#begin(id);
    }
  }

  #begin(id: string): void {
    this.attempts += 1;
    const { port, tickets } = this.#options;
    const secureContext = this.#secureContext;
    const socket = tls.connect({ port, host: '127.0.0.1', secureContext, ALPNProtocols: ['mqtt'] });
    this.#attempts.set(socket, { socket, tick: this.#tick });
    socket.on('error', () => socket.destroy());
    socket.once('secureConnect', () => greet(socket, id, tickets.get(id) ?? ''));
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes(suback) && this.#attempts.delete(socket)) this.#links.add(socket);
    });
    socket.once('close', () => {
      this.#attempts.delete(socket);
      if (this.#links.delete(socket)) this.lost += 1;
      this.#idle.push(id);
    });
  }
}

function greet(socket: TLSSocket, id: string, ticket: string): void {
  const connect = generate({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 120 },
    ...{ clientId: id, username: id, password: Buffer.from(ticket) },
  });
  const topic = `pushfleet/devices/${id}/commands/#`;
  const subscribe = generate({ cmd: 'subscribe', messageId: subscriptionId, subscriptions: [{ topic, qos: 1 }] });
  socket.write(Buffer.concat([connect, subscribe]));
}
