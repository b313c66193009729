// How long the console's overview keeps its tab busy while devices come and go and commands end, on three push servers:
//   npm run overview -w test -- [--seconds 30] [--events 50] [--devices 200]
// Prints the rates that were reached and the page's longest tasks. Ends with 1 where one took longer than 200 ms.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { TestCluster } from '../cluster/index.ts';
import type { TestDevice } from '../cluster/test-devices.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    events: { type: 'string', default: '50' },
    devices: { type: 'string', default: '200' },
  },
});
const seconds = Number(values.seconds);
const eventsPerSecond = Number(values.events);
const longestAllowedMs = 200;

/** A busy machine connects so many in time. */
const devicesAtOnce = 10;
/** A disconnect is two events: the device goes, and is back at once. */
const eventsPerDisconnect = 2;

await using cluster = await TestCluster.create({ pushServers: 3 });
const devices: TestDevice[] = [];
while (devices.length < Number(values.devices)) {
  devices.push(...(await cluster.devices.connect(devicesAtOnce, `device-${devices.length}`)));
}
const idOf = (turn: number) => devices[turn % devices.length]?.id ?? '';
const browser = await chromium.launch({
  executablePath: process.env.PUSHFLEET_TEST_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  const page = await openOverview();
  const stop = AbortSignal.timeout(seconds * 1_000);
  const [events, commands] = await Promise.all([countEvents(stop), push(stop), disconnect(stop)]);
  await report(page, events / seconds, commands / seconds);
} finally {
  await browser.close();
}

/** The overview, signed in; what it has done so far does not count. */
async function openOverview(): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`https://127.0.0.1:${cluster.balancerPorts[0]?.rest}/console/`);
  await page.getByLabel('Token').fill(await cluster.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(`
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  `);
  return page;
}

async function countEvents(signal: AbortSignal): Promise<number> {
  using watcher = cluster.adminOf(0, await cluster.token);
  signal.addEventListener('abort', () => watcher.close());
  let count = 0;
  try {
    for await (const _event of watcher.events.watch()) count += 1;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return count;
}

/** Ends links in turn; each device comes back by itself. */
async function disconnect(signal: AbortSignal): Promise<void> {
  await atRate(eventsPerSecond / eventsPerDisconnect, signal, (turn) => cluster.admin.devices.disconnect(idOf(turn)));
}

/** Pushes as many commands a second as there are events. */
async function push(signal: AbortSignal): Promise<number> {
  let ended = 0;
  await atRate(eventsPerSecond, signal, async (turn) => {
    await cluster.admin.commands.push({ deviceId: idOf(turn), operation: { forceSync: {} } });
    ended += 1;
  });
  return ended;
}

/** Calls `work` so many times a second, whatever became of the earlier calls; late ones are made up for. */
async function atRate(perSecond: number, signal: AbortSignal, work: (turn: number) => Promise<unknown>): Promise<void> {
  const startMs = performance.now();
  const inFlight: Promise<unknown>[] = [];
  for (let turn = 0; !signal.aborted; turn += 1) {
    // A device that is on its way back has neither a link to end nor an answer.
    inFlight.push(work(turn).catch(() => {}));
    await sleep(Math.max(0, startMs + ((turn + 1) / perSecond) * 1_000 - performance.now()));
  }
  await Promise.all(inFlight);
}

async function report(page: Page, reachedEvents: number, reachedCommands: number): Promise<void> {
  const tasksMs = (await page.evaluate<number[]>('window.longTasks')).sort((one, other) => other - one);
  const [longestMs = 0] = tasksMs;
  console.log(`events per second: ${reachedEvents.toFixed(1)} of ${eventsPerSecond}`);
  console.log(`commands ended per second: ${reachedCommands.toFixed(1)} of ${eventsPerSecond}`);
  console.log(
    `tasks of the page over 50 ms: ${tasksMs.length} in ${seconds} s; the longest: ${tasksMs.slice(0, 5).join(', ')} ms`,
  );
  if (longestMs > longestAllowedMs) process.exitCode = 1;
}
