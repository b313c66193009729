import type { Socket } from 'node:net';
import { type Packet, parser } from 'mqtt-packet';

/** Reduces the answers on a connection to words of which there are few: names of packets or frames with their codes. */
export class AnswerReader {
  readonly #words = new Set<string>();
  readonly #waiting: { word: string; resolve: () => void }[] = [];
  #parser = parser({ protocolVersion: 5 });
  #unread = Buffer.alloc(0);

  constructor(socket: Socket, protocol: 'mqtt' | 'http1' | 'http2') {
    this.#listen();
    const read = {
      mqtt: (chunk: Buffer) => void this.#parser.parse(chunk),
      http1: (chunk: Buffer) => this.#readHttp1(chunk),
      http2: (chunk: Buffer) => this.#readHttp2(chunk),
    }[protocol];
    socket.on('data', read);
  }

  /** Reads MQTT in the version that was agreed on; until then it is 5. */
  readAs(protocolVersion: 4 | 5): void {
    this.#parser = parser({ protocolVersion });
    this.#listen();
  }

  /** Resolves when such a packet comes. */
  heard(word: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ word, resolve }));
  }

  summary(): string {
    return this.#words.size === 0 ? 'silence' : [...this.#words].sort().join(' ');
  }

  #listen(): void {
    this.#parser.on('packet', (packet: Packet) => {
      const { reasonCode, returnCode } = packet as { reasonCode?: number; returnCode?: number };
      const code = reasonCode ?? returnCode;
      this.#words.add(code === undefined ? packet.cmd : `${packet.cmd} ${code}`);
      for (const { word, resolve } of this.#waiting) if (word === packet.cmd) resolve();
    });
    this.#parser.on('error', () => this.#words.add('unreadable'));
  }

  #readHttp1(chunk: Buffer): void {
    for (const [, code] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d+)/g)) this.#words.add(`HTTP ${code}`);
  }

  #readHttp2(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length >= 9) {
      const end = 9 + this.#unread.readUIntBE(0, 3);
      if (this.#unread.length < end) return;
      this.#words.add(frameWord(this.#unread.subarray(0, end)));
      this.#unread = this.#unread.subarray(end);
    }
  }
}

const frameNames = ['DATA', 'HEADERS', 'PRIORITY', 'RST', 'SETTINGS', 'PUSH', 'PING', 'GOAWAY', 'WINDOW'];

function frameWord(frame: Buffer): string {
  const name = frameNames[frame[3] as number] ?? 'unknown';
  if (name === 'RST' && frame.length >= 13) return `RST ${frame.readUInt32BE(9)}`;
  if (name === 'GOAWAY' && frame.length >= 17) return `GOAWAY ${frame.readUInt32BE(13)}`;
  return name;
}
