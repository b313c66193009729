import { setTimeout as sleep } from 'node:timers/promises';
import {
  continuationFrame,
  grpcHeaders,
  headersFrame,
  pingFrame,
  RawHttp2,
  Setting,
  settingsFrame,
} from '@pushfleet/test/cluster';
import { lengthDelimited } from '@pushfleet/test/wire';
import type { Attack, HostileTarget } from './target.ts';

const holdMs = 2_000;
const watch = '/grpc.health.v1.Health/Watch';
const reflect = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const connectLink = '/pushfleet.device.v1.DeviceLinkService/Connect';
const closedWindow = [[Setting.initialWindowSize, 0]] as const;
const grpcPorts = ['admin', 'assignment', 'device'] as const;

/** Floods at the level of HTTP/2 and of gRPC, by clients that have not been authenticated. */
export const http2Attacks: Record<string, Attack> = {
  'Health.Watch of names that nobody knows': async (target) => {
    using client = await connect(target, 'admin');
    const name = lengthDelimited(1, Buffer.alloc(1_200_000, 'x'));
    for (let stream = 1; stream < 41; stream += 2) {
      client.call(stream, watch);
      client.message(stream, name);
      await sleep(10);
    }
    await sleep(holdMs);
  },
  'reflection that is never read': async (target) => {
    using client = await connect(target, 'admin', { settings: closedWindow });
    const question = lengthDelimited(7, Buffer.alloc(0));
    client.call(1, reflect);
    for (let times = 0; times < 2_000; times += 1) client.message(1, question);
    await sleep(holdMs);
  },
  'calls without a request': async (target, round) => {
    using client = await connect(target, grpcPorts[round % 3] ?? 'admin');
    for (let stream = 1; stream < 4_000; stream += 2) client.call(stream, watch);
    await sleep(holdMs);
  },
  'pings before Hello that nobody reads': async (target) => {
    using client = await connect(target, 'device', { settings: closedWindow });
    const ping = lengthDelimited(4, Buffer.alloc(0));
    client.call(1, connectLink);
    for (let times = 0; times < 20_000 && client.isOpen; times += 1) client.message(1, ping);
    await sleep(holdMs);
  },
  'a Hello of a megabyte': async (target) => {
    using client = await connect(target, 'device');
    client.call(1, connectLink);
    client.message(1, lengthDelimited(1, lengthDelimited(1, Buffer.alloc(1_400_000, 'x'))));
    await sleep(holdMs / 4);
  },
  'headers without end': async (target, round) => {
    using client = await connect(target, grpcPorts[round % 3] ?? 'admin');
    client.write(headersFrame(1, grpcHeaders(watch), { endHeaders: false }));
    const more = continuationFrame(1, [['x-more', 'y'.repeat(8_000)]]);
    for (let times = 0; times < 2_000 && client.isOpen; times += 1) client.write(more);
    await sleep(holdMs / 4);
  },
  'settings and pings without end': async (target, round) => {
    using client = await connect(target, grpcPorts[round % 3] ?? 'admin', { deaf: true });
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.concat([settingsFrame([]), pingFrame()])));
    for (let times = 0; times < 50 && client.isOpen; times += 1) {
      client.write(flood);
      await sleep(5);
    }
  },
  'calls that are given up at once': async (target, round) => {
    using client = await connect(target, grpcPorts[round % 3] ?? 'admin');
    for (let stream = 1; stream < 10_000 && client.isOpen; stream += 2) {
      client.call(stream, watch);
      client.reset(stream);
      if (stream % 500 === 1) await sleep(1);
    }
  },
};

function connect(target: HostileTarget, port: (typeof grpcPorts)[number], more: object = {}): Promise<RawHttp2> {
  return RawHttp2.connect(target.ports[port], { tls: { ca: target.ca }, ...more });
}
