// Time of a good device for its assignment, over a connection of its own, alone and while another address shows wrong secrets as fast as it
// can, by turns. Prints p50 and p99 of both, and their ratios: 2 at most is wanted.
//   npm run guessing -w benchmarks -- [--secrets 10000] [--rounds 3]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machineUs } from '@pushfleet/runtime';
import { TestCluster, testGroup } from '@pushfleet/test/cluster';
import { printHeader } from './machine.ts';
import { quantile } from './quantiles.ts';

interface Attack {
  port: number;
  ca: string;
  secrets: number;
}

const attackerAddress = '127.0.0.9';
const connections = 16;
const goodDevices = 4;
const secret = 'a-secret-of-good-devices';

const { values } = parseArgs({
  options: { secrets: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' } },
});

/** One question; its connection is kept by the agent, as far as the balancer lets it. */
async function ask(body: object, options: https.RequestOptions): Promise<number> {
  const request = https.request({ host: '127.0.0.1', path: '/v1/assignment', method: 'POST', ...options });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  await text(response);
  return response.statusCode;
}

/** Shows wrong secrets, each of another device, and answers how often it got which answer. */
async function guess({ port, ca, secrets }: Attack): Promise<Record<string, number>> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: connections });
  const options = { port, ca, agent, localAddress: attackerAddress };
  const answers: Record<string, number> = {};
  let next = 0;
  const run = async () => {
    while (next < secrets) {
      next += 1;
      const code = await ask({ deviceId: `guess-${next}`, secret: 'a-secret-that-is-wrong' }, options).catch(
        () => 'cut off',
      );
      answers[code] = (answers[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, run));
  agent.destroy();
  return answers;
}

/** Latencies of good devices, in milliseconds, until `isOver`; each asks, and asks again 20 ms later. */
async function measure(port: number, ca: string, devices: readonly string[], isOver: () => boolean): Promise<number[]> {
  const latencies: number[] = [];
  const run = async (deviceId: string) => {
    while (!isOver()) {
      const beganAtUs = machineUs();
      const code = await ask({ deviceId, secret }, { port, ca, agent: false });
      if (code !== 200) throw new Error(`a good device was answered ${code}`);
      latencies.push((machineUs() - beganAtUs) / 1_000);
      await sleep(20);
    }
  };
  await Promise.all(devices.map((id) => run(id)));
  return latencies;
}

async function startAttack(attack: Attack): Promise<Record<string, number>> {
  const child = fork(import.meta.filename, { env: { ...process.env, PUSHFLEET_GUESS: '1' } });
  child.send(attack);
  const [answers] = await once(child, 'message');
  return answers;
}

async function run(): Promise<void> {
  await using cluster = await TestCluster.create();
  const ids = Array.from({ length: goodDevices }, (_, at) => `good-${at}`);
  const group = testGroup;
  for (const deviceId of ids) await cluster.admin.devices.put({ deviceId, group, secret });
  const port = cluster.balancerPorts[0]?.assign ?? 0;
  const ca = cluster.ca.toString();
  printHeader('guessing');
  const [alone, attacked]: [number[], number[]] = [[], []];
  const answers: Record<string, number> = {};
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const untilUs = machineUs() + 5e6;
    alone.push(...(await measure(port, ca, ids, () => machineUs() > untilUs)));
    let isOver = false;
    const attack = startAttack({ port, ca, secrets: Number(values.secrets) }).finally(() => {
      isOver = true;
    });
    attacked.push(...(await measure(port, ca, ids, () => isOver)));
    for (const [code, count] of Object.entries(await attack)) answers[code] = (answers[code] ?? 0) + count;
  }
  const figures = (latencies: number[]) => [0.5, 0.99].map((part) => quantile(latencies, part) ?? 0);
  const [[p50 = 0, p99 = 0], [p50Attacked = 0, p99Attacked = 0]] = [figures(alone), figures(attacked)];
  console.log(`alone     p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${alone.length} assignments`);
  console.log(
    `attacked  p50 ${p50Attacked.toFixed(1)} ms, p99 ${p99Attacked.toFixed(1)} ms, ${attacked.length} assignments`,
  );
  console.log(`ratio     p50 ${(p50Attacked / p50).toFixed(2)}, p99 ${(p99Attacked / p99).toFixed(2)}`);
  console.log(`answers to the attacker: ${JSON.stringify(answers)}`);
}

if (process.env.PUSHFLEET_GUESS === '1') {
  const [attack] = (await once(process, 'message')) as [Attack];
  process.send?.(await guess(attack));
  process.disconnect?.();
} else {
  await run();
}
