import type { Duplex } from 'node:stream';
import { type CloseReason, limits } from '@pushfleet/protocol';
import { type LinkSettings, maxBufferedBytes } from '../link.ts';
import type { Acknowledging, DelayedAcks } from './delayed-acks.ts';
import { type Frame, FrameReader } from './wire/frame-reader.ts';
import { Violation } from './wire/rule.ts';
import { encodePubacks } from './wire/server-packet.ts';

/** Time for a packet that has come in part to be complete, however long the client may be silent. */
const packetDeadlineMs = 60_000;
/** Time for a peer to read the last packet and close. */
const farewellMs = 2_000;
/** Memory of a write besides its bytes, until the peer has taken it. */
const writeOverheadBytes = 512;
/** So many acknowledgements wait for no other packet: a client that has few packets on their way would wait for them. */
const mostDelayedAcks = 8;

const noPacket = Buffer.alloc(0);

export interface MqttSettings extends LinkSettings {
  /** One for the whole worker. */
  acks: DelayedAcks;
}

/** The socket of a client, as far as a link needs one. */
export interface MqttSocket extends Duplex {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export interface ConnectionEvents {
  /** A packet; one whose length exceeds `maxPacketBytes` is the last. May throw a Violation. */
  frame(frame: Frame): void;
  /** The connection is to end for this reason; `detail`: which rule was broken, in words. */
  fault(reason: CloseReason, detail?: string): void;
}

/** The socket of one MQTT link: packets one after the other in both directions, within bounds of memory and time. */
export class MqttConnection implements Acknowledging {
  readonly #socket: MqttSocket;
  readonly #settings: MqttSettings;
  readonly #events: ConnectionEvents;
  readonly #frames = new FrameReader(limits.greetingBytes);
  readonly #onWritten: () => void;
  #isReading = false;
  #isHeld = false;
  #ended = false;
  /** Set while a packet has come in part. */
  #packetDeadline: Disposable | undefined;
  /** Writes that the peer has not taken. */
  #unwritten = 0;
  /** The packets whose PUBACK waits for another packet to the client; the rule is none. */
  #acks: number[] | undefined;

  constructor(socket: MqttSocket, settings: MqttSettings, events: ConnectionEvents) {
    this.#socket = socket;
    this.#settings = settings;
    this.#events = events;
    this.#onWritten = () => {
      this.#unwritten -= 1;
    };
    socket.on('data', (chunk: Buffer) => this.#guard(() => this.#onData(chunk)));
    // Not `once`, which costs a closure and an object more for each of these on each link.
    socket.on('close', () => this.#guard(() => this.#fault('linkLost')));
    // Half-open connections are of no use to either side.
    socket.on('end', destroyThis);
  }

  /** Address and port of the client. */
  get remote(): string {
    return `${this.#socket.remoteAddress}:${this.#socket.remotePort}`;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength + this.#unwritten * writeOverheadBytes;
  }

  get maxPacketBytes(): number {
    return this.#frames.maxBytes;
  }

  set maxPacketBytes(bytes: number) {
    this.#frames.maxBytes = bytes;
  }

  /** The client has authenticated. */
  markAuthenticated(): void {
    this.#settings.markAuthenticated(this.#socket);
  }

  /** Hands out no packet until `proceed`: what the client asked comes first. What it sends meanwhile waits in its socket. */
  hold(): void {
    this.#isHeld = true;
  }

  proceed(): void {
    this.#isHeld = false;
    if (!this.#isReading) this.#guard(() => this.#readAll());
  }

  write(packet: Buffer): void {
    if (this.#ended || !this.#socket.writable) return;
    this.#unwritten += 1;
    this.#socket.write(this.#withAcks(packet), this.#onWritten);
    if (this.bufferedBytes > maxBufferedBytes) this.#fault('tooSlow');
  }

  /** Acknowledges a PUBLISH together with the next packet, or by itself where none comes soon. */
  acknowledgeSoon(packetId: number): void {
    if (this.#acks === undefined) {
      this.#acks = [packetId];
      this.#settings.acks.add(this);
    } else if (this.#acks.push(packetId) >= mostDelayedAcks) this.writeAcks();
  }

  writeAcks(): void {
    if (this.#acks) this.write(noPacket);
  }

  /** Nothing is handed out after this. */
  end(last: Buffer | undefined): void {
    this.#ended = true;
    this.#packetDeadline?.[Symbol.dispose]();
    const farewell = this.#withAcks(last);
    if (farewell && this.#socket.writable) this.#socket.end(farewell);
    else this.#socket.end();
    // What still comes is thrown away: a socket that is closed with something unread resets, and the last packet is lost.
    this.#socket.resume();
    // A peer that does not close its side would keep the descriptor.
    const deadline = this.#settings.attended.after(farewellMs, () => this.#socket.destroy());
    this.#socket.once('close', () => deadline[Symbol.dispose]());
  }

  /** The packet behind the acknowledgements that wait: they are answers to what came before. */
  #withAcks<Packet extends Buffer | undefined>(packet: Packet): Buffer | Packet {
    if (this.#acks === undefined) return packet;
    const bytes = encodePubacks(this.#acks, packet);
    this.#acks = undefined;
    this.#settings.acks.remove(this);
    return bytes;
  }

  #guard(run: () => void): void {
    this.#settings.barrier.run('mqtt packet', run, () => this.#fault('protocolError'));
  }

  #fault(reason: CloseReason, detail?: string): void {
    if (!this.#ended) this.#events.fault(reason, detail);
  }

  #onData(chunk: Buffer): void {
    if (this.#ended) return;
    this.#frames.push(chunk);
    this.#readAll();
  }

  #readAll(): void {
    this.#isReading = true;
    const count = this.#readFrames();
    this.#isReading = false;
    if (this.#ended) return;
    if (this.#isHeld) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
    this.#watchPacket(count > 0);
  }

  /** Returns the number of packets. */
  #readFrames(): number {
    let count = 0;
    try {
      while (!this.#ended && !this.#isHeld) {
        const frame = this.#frames.next();
        if (frame === undefined) break;
        count += 1;
        this.#events.frame(frame);
      }
    } catch (error) {
      this.#isReading = false;
      if (!(error instanceof Violation)) throw error;
      this.#fault(error.reason, error.message);
    }
    return count;
  }

  #watchPacket(hasProgress: boolean): void {
    const isWaiting = this.#frames.isInside && !this.#isHeld;
    if (hasProgress || !isWaiting) {
      this.#packetDeadline?.[Symbol.dispose]();
      this.#packetDeadline = undefined;
    }
    if (!isWaiting || this.#packetDeadline) return;
    const expire = () => this.#guard(() => this.#fault('keepAliveTimeout'));
    this.#packetDeadline = this.#settings.attended.after(packetDeadlineMs, expire);
  }
}

function destroyThis(this: MqttSocket): void {
  this.destroy();
}
