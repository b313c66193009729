import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { approaches, closed } from '@pushfleet/test/cluster';
import { adminAttacks } from './admin-attacks.ts';
import { http2Attacks } from './http2-attacks.ts';
import { mqttAttacks } from './mqtt-attacks.ts';
import type { Attack } from './target.ts';

const closeWithinMs = 20_000;
const garbage = randomBytes(1_048_576);

const byteAttacks: Record<string, Attack> = {
  'a megabyte of random bytes, every port, with and without TLS': async (target, round) => {
    const ports = Object.values(target.ports);
    const approach = approaches[round % approaches.length] as (typeof approaches)[number];
    const socket = await approach.connect(ports[round % ports.length] as number);
    if (!socket.destroyed) socket.write(garbage);
    await closed(socket, closeWithinMs);
  },
  'connections that say nothing': async (target, round) => {
    const port = Object.values(target.ports)[round % 4] as number;
    const sockets = Array.from({ length: 100 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    await sleep(5_000);
    for (const socket of sockets) socket.destroy();
  },
  'handshakes that stop halfway': async (target, round) => {
    const port = [target.ports.device, target.ports.assignment, target.ports.admin][round % 3] as number;
    const sockets = Array.from({ length: 100 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    for (const socket of sockets) socket.write(Buffer.from('1603010200010001fc0303', 'hex'));
    await sleep(5_000);
    for (const socket of sockets) socket.destroy();
  },
  'a byte a second': async (target, round) => {
    const port = Object.values(target.ports)[round % 4] as number;
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    for (const byte of Buffer.from('POST /v1/assi')) {
      if (socket.destroyed) break;
      socket.write(Buffer.from([byte]));
      await sleep(1_000);
    }
    socket.destroy();
  },
  'answers over HTTP that nobody reads': async (target) => {
    const socket = net.connect(target.ports.rest, '127.0.0.1').on('error', () => {});
    socket.pause();
    const requests = 'GET /x HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(1_000);
    for (let times = 0; times < 50 && socket.writable; times += 1) {
      socket.write(requests);
      await sleep(5);
    }
    await sleep(2_000);
    socket.destroy();
  },
};

/** Every kind of hostile input that is known, by name. */
export const attacks: Record<string, Attack> = { ...byteAttacks, ...http2Attacks, ...mqttAttacks, ...adminAttacks };
