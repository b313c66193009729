import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { dial, spreadAddress } from './dial.ts';
import { type HttpResponse, HttpResponseReader } from './http-response.ts';
import type { ServerAddress } from './link.ts';

/** How a fleet asks for assignments: over one connection for each question, as real devices do, or over shared ones. */
export const assignConnectionKinds = ['each', 'shared'] as const;
export type AssignConnections = (typeof assignConnectionKinds)[number];

export interface AssignerOptions {
  balancers: readonly URL[];
  /** For `https:` balancers. */
  secureContext: SecureContext;
  addresses: number;
  connections: AssignConnections;
}

export interface AssignQuestion {
  /** The device's number: decides which balancer is asked. */
  index: number;
  deviceId: string;
  secret: string;
  unreachableNodeIds: readonly string[];
  /** To resume, of connections that are the device's own. */
  tlsSession: Buffer | undefined;
}

export type AssignAnswer =
  | {
      kind: 'assigned';
      servers: ServerAddress[];
      ticket: string;
      goodForMs: number;
      connectAfterMs: number;
      returnWithinMs: number;
    }
  /** `reason`: the code of the error, or the HTTP status. */
  | { kind: 'refused'; reason: string; detail: string; retryAfterMs: number }
  | { kind: 'broken'; reason: string; detail: string };

export interface AssignEvents {
  onAnswer(answer: AssignAnswer): void;
  onTlsSession(session: Buffer): void;
}

/** Connections of a process to balancers, where they are shared. */
const sharedConnections = 32;

/** Asks balancers where devices belong: `POST /v1/assignment`, written by hand. */
export class Assigner {
  readonly #options: AssignerOptions;
  readonly #idle: SharedConnection[] = [];
  readonly #waiting: Exchange[] = [];
  #open = 0;

  constructor(options: AssignerOptions) {
    this.#options = options;
  }

  /** @returns what gives the question up; no event comes after that. */
  ask(question: AssignQuestion, events: AssignEvents): () => void {
    const { balancers, connections } = this.#options;
    const balancer = balancers[question.index % balancers.length] as URL;
    const exchange = new Exchange(requestTo(balancer, question, connections), events);
    if (connections === 'each') {
      const socket = this.#dial(balancer, question, exchange);
      socket.once('close', () => exchange.onClosed());
      return () => {
        exchange.giveUp();
        socket.destroy();
      };
    }
    this.#waiting.push(exchange);
    this.#serve(balancer, question.index);
    return () => exchange.giveUp();
  }

  close(): void {
    for (const { socket } of this.#idle) socket.destroy();
  }

  #serve(balancer: URL, index: number): void {
    while (this.#waiting.length > 0) {
      const connection = this.#idle.pop();
      if (connection !== undefined) connection.carry(this.#waiting.shift() as Exchange);
      else if (this.#open < sharedConnections) this.#openShared(balancer, index);
      else return;
    }
  }

  #openShared(balancer: URL, index: number): void {
    const exchange = this.#waiting.shift() as Exchange;
    if (exchange.isOver) return;
    this.#open += 1;
    const socket = this.#dial(balancer, { index, tlsSession: undefined }, exchange);
    const connection = new SharedConnection(socket, exchange);
    socket.on('close', () => {
      this.#open -= 1;
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
      connection.exchange?.onClosed();
      this.#serve(balancer, index);
    });
    connection.onFree = () => {
      this.#idle.push(connection);
      this.#serve(balancer, index);
    };
  }

  #dial(
    balancer: URL,
    { index, tlsSession }: Pick<AssignQuestion, 'index' | 'tlsSession'>,
    exchange: Exchange,
  ): Socket {
    const { secureContext, addresses, connections } = this.#options;
    const host = balancer.hostname.replace(/^\[|\]$/g, '');
    const port = Number(balancer.port) || (balancer.protocol === 'https:' ? 443 : 80);
    const target = { host: connections === 'each' ? spreadAddress(host, index, addresses) : host, port };
    const socket = dial(target, {
      secureContext: balancer.protocol === 'https:' ? secureContext : undefined,
      identity: host,
      alpn: 'http/1.1',
      session: tlsSession,
      onTlsSession: tlsSession ? undefined : (session) => exchange.events.onTlsSession(session),
      onSecure: () => socket.write(exchange.request),
    });
    socket.on('error', (error) => exchange.onError(error));
    if (connections === 'each') {
      socket.on('data', (chunk: Buffer) => {
        if (exchange.onData(chunk) !== undefined) socket.end();
      });
    }
    return socket;
  }
}

/** A connection that carries one exchange after the other, each once the one before is over. */
class SharedConnection {
  readonly socket: Socket;
  exchange: Exchange | undefined;
  onFree: () => void = () => {};

  constructor(socket: Socket, exchange: Exchange) {
    this.socket = socket;
    this.exchange = exchange;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  carry(exchange: Exchange): void {
    if (exchange.isOver) return this.onFree();
    this.exchange = exchange;
    this.socket.write(exchange.request);
  }

  #onData(chunk: Buffer): void {
    const response = this.exchange?.onData(chunk);
    if (response === undefined) return;
    this.exchange = undefined;
    if (response.keepsAlive) this.onFree();
    else this.socket.end();
  }
}

/** One question and its answer. */
class Exchange {
  readonly request: string;
  readonly events: AssignEvents;
  isOver = false;
  readonly #reader = new HttpResponseReader();
  #error: Error | undefined;

  constructor(request: string, events: AssignEvents) {
    this.request = request;
    this.events = events;
  }

  giveUp(): void {
    this.isOver = true;
  }

  onError(error: Error): void {
    this.#error = error;
  }

  /** The response, once it has come whole. */
  onData(chunk: Buffer): HttpResponse | undefined {
    const response = this.#reader.read(chunk);
    if (response !== undefined) this.#end(readAnswer(response));
    return response;
  }

  onClosed(): void {
    const response = this.#reader.finish();
    if (response !== undefined) return this.#end(readAnswer(response));
    const { code = 'connectionClosed', message = 'the balancer ended the connection' } = (this.#error ??
      {}) as NodeJS.ErrnoException;
    this.#end({ kind: 'broken', reason: code, detail: message });
  }

  #end(answer: AssignAnswer): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.onAnswer(answer);
  }
}

function requestTo(balancer: URL, question: AssignQuestion, connections: AssignConnections): string {
  const { deviceId, secret, unreachableNodeIds } = question;
  const body = JSON.stringify({
    deviceId,
    secret,
    ...(unreachableNodeIds.length > 0 ? { unreachableNodeIds } : {}),
  });
  const head = [
    'POST /v1/assignment HTTP/1.1',
    `host: ${balancer.host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `connection: ${connections === 'each' ? 'close' : 'keep-alive'}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

interface AnswerBody {
  primary?: ServerAddress;
  backups?: ServerAddress[];
  ticket?: string;
  ticketLifetimeMs?: number;
  connectAfterMs?: number;
  returnWithinMs?: number;
  error?: { code?: string; message?: string; retryAfterMs?: number };
}

/** The part of a ticket's lifetime that is relied on: the way to the push server takes time too. */
const reliedOn = 0.9;

export function readAnswer({ status, body }: HttpResponse): AssignAnswer {
  const { primary, backups = [], ticket, ticketLifetimeMs = 0, error, ...waits } = parseBody(body);
  if (status === 200 && primary !== undefined && ticket !== undefined) {
    const goodForMs = ticketLifetimeMs * reliedOn;
    const { connectAfterMs = 0, returnWithinMs = 0 } = waits;
    return { kind: 'assigned', servers: [primary, ...backups], ticket, goodForMs, connectAfterMs, returnWithinMs };
  }
  const { code = `HTTP ${status}`, message = '', retryAfterMs = 0 } = error ?? {};
  return { kind: 'refused', reason: code, detail: message, retryAfterMs };
}

function parseBody(body: string): AnswerBody {
  try {
    return (JSON.parse(body) ?? {}) as AnswerBody;
  } catch {
    return {};
  }
}
