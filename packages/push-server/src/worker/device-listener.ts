import type { BlockList } from 'node:net';
import { Socket } from 'node:net';
import type { sendUnaryData } from '@grpc/grpc-js';
import { type device, limits } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import {
  type ConnectionLimits,
  GrpcHost,
  type KeyPair,
  Listener,
  type ListenerStats,
  type ListeningSocket,
  type Live,
  type LoopLoad,
  type TicketKeySource,
} from '@pushfleet/runtime';
import { type ConnectCall, GrpcLink } from '../links/grpc/link.ts';
import { encodeResponse } from '../links/grpc/response-encoding.ts';
import type { AcceptLink } from '../links/link.ts';
import type { MqttSettings } from '../links/mqtt/connection.ts';
import { MqttLink } from '../links/mqtt/link.ts';
import type { DeviceTunnelCall } from '../tunnels/tunnels.ts';

export interface DeviceListenerOptions extends Omit<MqttSettings, 'markAuthenticated'> {
  host: string;
  port: number;
  /** Absent: device links without TLS. */
  tls: Live<KeyPair> | undefined;
  connectionLimits: ConnectionLimits;
  /** The addresses of proxies that say for whom they speak. */
  proxies?: BlockList | undefined;
  /** Networks in which many devices share an address. */
  shared?: BlockList | undefined;
  /** Whether too many tickets from an address were not good. */
  isSuspect?: (address: string) => boolean;
  /** The keys of TLS session tickets. Absent: sessions resume on this worker only. */
  ticketKeys?: TicketKeySource;
  /** How busy the worker is. Absent: new devices are taken however busy it is. */
  load?: LoopLoad;
  /** Takes the calls of devices that connect their ends of tunnels; calls `onKnown` once their token is found good. */
  onTunnel(call: DeviceTunnelCall, onKnown: () => void): void;
}

/** Calls on one connection: one link, and a few tunnels beside it. */
const calls = { unauthenticated: 8, authenticated: 8 };
/** The keep-alive of a connection that carries no link: tunnels may be silent, and have none of their own. */
const connectionKeepAliveMs = 30_000;
/** The keep-alive of a link's connection, as a multiple of its device's: no ping wakes a device that is about to speak. */
const linkGrace = 1.25;
/** Time for the last message of a call to be read. */
const endMs = 5_000;

const linkService = {
  ...DeviceLinkService.service,
  Connect: { ...DeviceLinkService.service.Connect, responseSerialize: encodeResponse },
};

/** A port of the push server, for device links. */
export interface DevicePort extends AsyncDisposable {
  /** @param inherited A socket that listens on the port already. */
  listen(inherited?: ListeningSocket): Promise<void>;
  /** The socket on which it listens; `undefined`: it does not, or has none that could be handed on. */
  readonly listeningSocket: ListeningSocket | undefined;
  /** The other workers of the port get all new connections, until `listen` is called again. */
  stopListening(): void;
  stats(): ListenerStats;
}

/** A port that does not listen yet. */
export type CreateDevicePort = (options: DeviceListenerOptions, accept: AcceptLink) => DevicePort;

/** Both kinds of device links on one TLS port. */
export class DeviceListener implements DevicePort {
  readonly #host: GrpcHost;
  readonly #listener: Listener;

  constructor(options: DeviceListenerOptions, accept: AcceptLink) {
    const { host, port, tls, connectionLimits, proxies, shared, isSuspect, load, ticketKeys, attended } = options;
    const settings: MqttSettings = {
      ...options,
      markAuthenticated: (peer, keepAliveMs) => this.#markAuthenticated(peer, keepAliveMs),
    };
    this.#host = this.#createGrpcHost(options, (call) => void new GrpcLink(call, settings, accept));
    this.#listener = new Listener({
      host,
      port,
      reusePort: true,
      ...(tls ? { tls } : {}),
      ...(load ? { load } : {}),
      ...(ticketKeys ? { ticketKeys } : {}),
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => this.#host.accept(socket),
        mqtt: (socket) => void new MqttLink(socket, settings, accept),
      },
      ...{ connectionLimits, proxies, shared, isSuspect },
      // Sessions and the gRPC host know who is gone, and probes would wake devices that may be silent for long.
      tcpKeepAlive: false,
      attended,
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  stats(): ListenerStats {
    return this.#listener.stats();
  }

  listen(inherited?: ListeningSocket): Promise<void> {
    return this.#listener.listen(inherited);
  }

  get listeningSocket(): ListeningSocket | undefined {
    return this.#listener.listeningSocket;
  }

  stopListening(): void {
    this.#listener.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }

  #createGrpcHost(options: DeviceListenerOptions, onConnect: (call: ConnectCall) => void): GrpcHost {
    const { onTunnel, barrier, attended } = options;
    const host = new GrpcHost({
      ...{ maxMessageBytes: limits.frameBytes, calls, endMs, keepAliveMs: connectionKeepAliveMs, barrier, attended },
      headerTableBytes: 0,
      idleMs: limits.greetingDeadlineMs,
      greetingMs: limits.greetingDeadlineMs,
      pingEveryMs: 5_000,
      onAuthenticated: (socket) => this.#listener.markAuthenticated(socket),
    });
    host.addService(linkService, {
      Connect: onConnect,
      Tunnel: (call: DeviceTunnelCall) => onTunnel(call, () => host.markAuthenticated(call)),
      Identify: (_call: unknown, reply: sendUnaryData<device.IdentifyResponseInit>) =>
        reply(null, { nodeId: options.nodeId }),
    });
    return host;
  }

  /** An MQTT link is a connection, a gRPC link a call on one. */
  #markAuthenticated(peer: object, keepAliveMs = connectionKeepAliveMs): void {
    if (peer instanceof Socket) return this.#listener.markAuthenticated(peer);
    this.#host.markAuthenticated(peer);
    this.#host.setKeepAlive(peer, keepAliveMs * linkGrace);
  }
}

/** The listeners of a worker: those that take devices, and those that have stopped while devices are still connected. */
export class DeviceListeners implements AsyncDisposable {
  readonly #create: (port: number) => DevicePort;
  readonly #open = new Map<number, DevicePort>();
  readonly #stopped = new Map<number, DevicePort[]>();
  /** Those of the open ones that take no new devices for now. */
  readonly #paused = new Set<number>();
  readonly #closed: ListenerStats[] = [];

  constructor(create: (port: number) => DevicePort) {
    this.#create = create;
  }

  /**
   * @param inherited A socket that listens on the port already.
   * @throws Error EADDRINUSE, EACCES and the like, from the system.
   */
  async open(port: number, inherited?: ListeningSocket): Promise<void> {
    const known = this.#open.get(port);
    if (known) return await this.#goOn(port, known, inherited);
    const listener = this.#create(port);
    this.#open.set(port, listener);
    try {
      await listener.listen(inherited);
    } catch (error) {
      this.#open.delete(port);
      throw error;
    }
  }

  /** Those of all listeners that there were: what a port has counted stays when it is closed. */
  stats(): ListenerStats[] {
    const listeners = [...this.#open.values(), ...[...this.#stopped.values()].flat()];
    return [...this.#closed, ...listeners.map((listener) => listener.stats())];
  }

  isOpen(port: number): boolean {
    return this.#open.has(port);
  }

  /** The socket on which it listens; `undefined`: it does not. */
  socketOf(port: number): ListeningSocket | undefined {
    return this.#open.get(port)?.listeningSocket;
  }

  /** Takes no new devices on any port until that is opened again. */
  pause(): void {
    for (const [port, listener] of this.#open) {
      this.#paused.add(port);
      listener.stopListening();
    }
  }

  /** Takes no new devices on the port; those that came over it stay. */
  stop(port: number): void {
    const listener = this.#open.get(port);
    if (!listener) return;
    listener.stopListening();
    this.#open.delete(port);
    this.#paused.delete(port);
    this.#stopped.set(port, [...(this.#stopped.get(port) ?? []), listener]);
  }

  stopAll(): void {
    for (const port of [...this.#open.keys()]) this.stop(port);
  }

  /** Cuts off the devices that are still connected over a port whose listener has stopped. */
  async close(port: number): Promise<void> {
    const listeners = this.#stopped.get(port) ?? [];
    this.#stopped.delete(port);
    for (const listener of listeners) this.#closed.push({ ...listener.stats(), waiting: 0, inFlight: 0 });
    await Promise.all(listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }

  async #goOn(port: number, listener: DevicePort, inherited: ListeningSocket | undefined): Promise<void> {
    if (!this.#paused.has(port)) return inherited?.close();
    await listener.listen(inherited);
    this.#paused.delete(port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopAll();
    await Promise.all([...this.#stopped.keys()].map((port) => this.close(port)));
  }
}
