// A TCP transfer through `pushfleet tunnel`, beside the same transfer without it. Everything runs on this machine.
//   npm run tunnel -w benchmarks -- [--megabytes 200] [--link grpc|mqtt] [--stall-seconds 10]
import { fork } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterProcess, residentBytes, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { cpuSeconds, printHeader } from './machine.ts';
import { amount, choice, readOptions, whole } from './options.ts';
import type { FarEndTask } from './tunnel-process.ts';

const values = readOptions('tunnel', {
  megabytes: whole(200, 1, 100_000),
  link: choice('grpc', ['grpc', 'mqtt']),
  'stall-seconds': amount(10, 1, 3_600),
});
const bytes = values.megabytes * 1_000_000;
const { link } = values;
const stallS = values['stall-seconds'];
const deviceId = 'far-device';
const hashChars = 64;

interface Transfer {
  seconds: number;
  identical: boolean;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

async function upload(port: number): Promise<Transfer> {
  const socket = await dial(port);
  const block = randomFillSync(Buffer.alloc(1_048_576));
  const hash = createHash('sha256');
  const begun = performance.now();
  socket.write('u'.padEnd(16));
  for (let left = bytes; left > 0; left -= block.length) {
    const chunk = block.subarray(0, Math.min(left, block.length));
    hash.update(chunk);
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
  const digest = Buffer.concat(await socket.toArray()).toString();
  return { seconds: (performance.now() - begun) / 1_000, identical: digest === hash.digest('hex') };
}

/** @param pause Called once, with the transfer under way. */
async function download(port: number, pause?: () => Promise<void>): Promise<Transfer> {
  const socket = await dial(port);
  const hash = createHash('sha256');
  let tail = Buffer.alloc(0);
  let received = 0;
  let begun = performance.now();
  socket.write(String(bytes).padEnd(16));
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    if (received === 0 && pause) {
      await pause();
      begun = performance.now();
    }
    const data = Buffer.concat([tail, chunk]);
    const body = data.subarray(0, Math.max(0, Math.min(data.length, bytes - received)));
    hash.update(body);
    received += body.length;
    tail = Buffer.from(data.subarray(body.length));
  }
  const identical = tail.length === hashChars && tail.toString() === hash.digest('hex');
  return { seconds: (performance.now() - begun) / 1_000, identical };
}

async function measure(name: string, run: () => Promise<Transfer>): Promise<void> {
  const before = Object.values(pids).map((group) => group.reduce((sum, pid) => sum + cpuSeconds(pid), 0));
  const { seconds, identical } = await run();
  const cpu = Object.entries(pids).map(([group, of], index) => {
    const used = of.reduce((sum, pid) => sum + cpuSeconds(pid), 0) - (before[index] as number);
    return `${group} ${used.toFixed(2)}`;
  });
  const rate = (bytes / 1e6 / seconds).toFixed(0);
  const same = identical ? 'sha256 identical' : 'CONTENT DIFFERS';
  console.log(`${name.padEnd(28)} ${seconds.toFixed(2)} s  ${rate} MB/s  ${same}`);
  if (name.startsWith('tunnel')) console.log(`${''.padEnd(28)} CPU seconds: ${cpu.join(', ')}`);
  if (!identical) process.exitCode = 1;
}

await using cluster = await TestCluster.create();
await cluster.devices.register(deviceId);
const farEnd = fork(join(import.meta.dirname, 'tunnel-process.ts'));
const task: FarEndTask = {
  deviceId,
  link,
  balancers: cluster.assignUrls,
  ca: cluster.ca.toString(),
  secret: testSecret,
};
farEnd.send(task);
const [targetPort] = (await once(farEnd, 'message')) as [number];
const args = ['tunnel', deviceId, '--local', '0', '--target', `127.0.0.1:${targetPort}`];
const tool = new ClusterProcess('tunnel', args, {
  PUSHFLEET_STATE_DIR: cluster.stateDir,
  PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
});
await tool.said('leads to');
const localPort = Number(/^127\.0\.0\.1:(\d+) leads to/m.exec(tool.output)?.[1]);
const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
const pids = {
  tool: [tool.pid],
  balancer: cluster.balancers.map(({ pid }) => pid),
  workers,
  'device and target': [farEnd.pid as number],
};

printHeader('tunnel');
console.log(`${values.megabytes} MB each way, a ${link} device over TLS, one push server, one balancer`);
// What is compiled and allocated on first use is not measured.
await download(localPort);
await measure('direct, to the target', () => upload(targetPort));
await measure('direct, from the target', () => download(targetPort));
await measure('tunnel, to the target', () => upload(localPort));
await measure('tunnel, from the target', () => download(localPort));

const watched = {
  balancer: pids.balancer,
  workers: pids.workers,
  'device and target': pids['device and target'],
  tool: pids.tool,
};
const memory = () =>
  Object.values(watched).map((group) => group.reduce((sum, pid) => sum + residentBytes(pid), 0) / 1e6);
const before = memory();
let most = before;
const stall = async () => {
  for (let passed = 0; passed < stallS * 1_000; passed += 250) {
    await sleep(250);
    const now = memory();
    most = most.map((bytes, index) => Math.max(bytes, now[index] as number));
  }
};
await measure(`tunnel, after ${stallS} s unread`, () => download(localPort, stall));
console.log('HeldDevice memory, MB: before, and the most while the reader did not read');
for (const [index, group] of Object.keys(watched).entries()) {
  const grown = (most[index] as number) - (before[index] as number);
  console.log(`  ${group.padEnd(18)} ${before[index]?.toFixed(0)}  ${most[index]?.toFixed(0)}  (+${grown.toFixed(1)})`);
}
await tool.stop();
farEnd.disconnect();
await once(farEnd, 'exit');
