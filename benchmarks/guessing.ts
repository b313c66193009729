// Time of a good device for its assignment, over a connection of its own, alone and while another address shows wrong secrets as fast as it
// can, by turns. Prints p50 and p99 of both, and their ratios: 2 at most is wanted. The secrets are shown in so many rounds; since the address
// is locked soon, and then gets 20 handshakes a second, 10,000 take some eight minutes.
//   npm run guessing -w benchmarks -- [--secrets 10000] [--rounds 3]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineUs } from '@pushfleet/runtime';
import { TestCluster, testGroup } from '@pushfleet/test/cluster';
import { printHeader } from './machine.ts';
import { readOptions, whole } from './options.ts';
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

const aloneMs = 5_000;
const progressEveryMs = 10_000;

const values = readOptions('guessing', {
  secrets: whole(10000, 1, 1_000_000_000),
  rounds: whole(3, 1, 1_000),
});

/** One question; its connection is kept by the agent, as far as the balancer lets it. */
async function ask(body: object, options: https.RequestOptions): Promise<number> {
  const request = https.request({ host: '127.0.0.1', path: '/v1/assignment', method: 'POST', ...options });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  await text(response);
  return response.statusCode;
}

type Answers = Record<string, number>;

/** Shows wrong secrets, each of another device, and answers how often it got which answer, each time that one is known. */
async function guess({ port, ca, secrets }: Attack, onAnswer: (answers: Answers) => void): Promise<Answers> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: connections });
  const options = { port, ca, agent, localAddress: attackerAddress };
  const answers: Answers = {};
  let next = 0;
  const run = async () => {
    while (next < secrets) {
      next += 1;
      const code = await ask({ deviceId: `guess-${next}`, secret: 'a-secret-that-is-wrong' }, options).catch(
        () => 'cut off',
      );
      answers[code] = (answers[code] ?? 0) + 1;
      onAnswer(answers);
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

/** Plays the attacker in a process of its own, and says every ten seconds how far it is. */
async function startAttack(attack: Attack): Promise<Answers> {
  const child = fork(import.meta.filename, { env: { ...process.env, PUSHFLEET_GUESS: '1' } });
  let answers: Answers = {};
  child.on('message', (latest: Answers) => {
    answers = latest;
  });
  const progress = setInterval(() => {
    console.log(`          … ${countOf(answers)} of ${attack.secrets} wrong secrets shown`);
  }, progressEveryMs);
  child.send(attack);
  try {
    await once(child, 'exit');
  } finally {
    clearInterval(progress);
  }
  if (countOf(answers) < attack.secrets) throw new Error('the attacker ended early');
  return answers;
}

function countOf(answers: Answers): number {
  return Object.values(answers).reduce((sum, count) => sum + count, 0);
}

/** How many secrets each round shows: all of them together, as even as can be. */
function share(secrets: number, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, at) => Math.floor((secrets + at) / rounds));
}

function printLatencies(name: string, latencies: readonly number[], more = ''): void {
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  console.log(
    `${name.padEnd(9)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${latencies.length} assignments${more}`,
  );
}

async function run(secrets: number, rounds: number): Promise<void> {
  printHeader('guessing');
  await using cluster = await TestCluster.create();
  const ids = Array.from({ length: goodDevices }, (_, at) => `good-${at}`);
  const group = testGroup;
  for (const deviceId of ids) await cluster.admin.devices.put({ deviceId, group, secret });
  const port = cluster.balancerPorts[0]?.assign ?? 0;
  const ca = cluster.ca.toString();
  const [alone, attacked]: [number[], number[]] = [[], []];
  const answers: Answers = {};
  for (const [at, shown] of share(secrets, rounds).entries()) {
    console.log(`round ${at + 1} of ${rounds}`);
    const untilUs = machineUs() + aloneMs * 1e3;
    const before = await measure(port, ca, ids, () => machineUs() > untilUs);
    printLatencies('alone', before);
    let isOver = false;
    const attack = startAttack({ port, ca, secrets: shown }).finally(() => {
      isOver = true;
    });
    const [meanwhile, got] = await Promise.all([measure(port, ca, ids, () => isOver), attack]);
    printLatencies('attacked', meanwhile, `, ${shown} wrong secrets beside`);
    alone.push(...before);
    attacked.push(...meanwhile);
    for (const [code, count] of Object.entries(got)) answers[code] = (answers[code] ?? 0) + count;
  }
  console.log('all rounds');
  printLatencies('alone', alone);
  printLatencies('attacked', attacked, `, ${countOf(answers)} wrong secrets beside`);
  const ratio = (part: number) => (quantile(attacked, part) / quantile(alone, part)).toFixed(2);
  console.log(`ratio     p50 ${ratio(0.5)}, p99 ${ratio(0.99)}`);
  console.log(`answers to the attacker: ${JSON.stringify(answers)}`);
}

if (process.env.PUSHFLEET_GUESS === '1') {
  const [attack] = (await once(process, 'message')) as [Attack];
  await guess(attack, (answers) => process.send?.(answers));
  process.disconnect?.();
} else {
  const [secrets, rounds] = [values.secrets, values.rounds];
  if (rounds > secrets) {
    console.error(`--rounds ${rounds}: each round needs a secret, and there are ${secrets}`);
    process.exit(1);
  }
  await run(secrets, rounds);
}
