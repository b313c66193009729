import type { Duplex } from 'node:stream';
import { type device, limits } from '@pushfleet/protocol';
import { generate, type Packet, type Parser, parser } from 'mqtt-packet';

/** Connects to the server's port for MQTT; calls `opened` once bytes may be written. */
export type OpenSocket = (server: device.Server, opened: () => void) => Duplex;

export interface WireEvents {
  opened(): void;
  packet(packet: Packet): void;
  /** The connection is gone. Exactly once. */
  closed(detail: string): void;
}

/** Fixed header: type, and up to four bytes of length. */
const headerBytes = 5;

/** A socket that speaks MQTT packets. Knows nothing of what they mean. */
export class MqttWire {
  readonly #socket: Duplex;
  readonly #parser: Parser;
  readonly #encoding: { protocolVersion: 4 | 5 };
  #detail = 'the connection was closed';
  #corked = false;

  /** @param open Connects, and calls `opened` once bytes may be written. */
  constructor(open: (opened: () => void) => Duplex, protocolVersion: 4 | 5, events: WireEvents) {
    this.#encoding = { protocolVersion };
    this.#parser = parser(this.#encoding);
    this.#parser.on('packet', (packet) => events.packet(packet));
    this.#parser.on('error', (error: Error) => this.cut(`unreadable: ${error.message}`));
    this.#socket = open(() => events.opened());
    this.#socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    this.#socket.on('drain', () => this.#socket.resume());
    this.#socket.on('error', (error) => {
      this.#detail = error.message || error.name;
    });
    this.#socket.on('close', () => events.closed(this.#detail));
  }

  get congested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  send(packet: Packet): void {
    if (!this.#socket.writable) return;
    // All that is said in one turn of the event loop leaves in one segment and one TLS record.
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => this.#uncork());
    }
    // While our own words do not leave, no more commands are taken.
    if (!this.#socket.write(generate(packet, this.#encoding))) this.#socket.pause();
  }

  /** Sends what is waiting, then closes. */
  end(): void {
    this.#socket.resume();
    this.#socket.end();
  }

  cut(detail: string): void {
    this.#detail = detail;
    this.#socket.destroy();
  }

  #uncork(): void {
    this.#corked = false;
    this.#socket.uncork();
  }

  #onData(bytes: Buffer): void {
    const waitingBytes = this.#parser.parse(bytes);
    if (waitingBytes > limits.frameBytes + headerBytes) this.cut(`a packet is larger than ${limits.frameBytes} bytes`);
  }
}
