import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../cluster/free-ports.ts';
import { TestCluster, testGroup } from '../cluster/index.ts';
import { Console, lookAt } from './console.ts';

const devices = 100;
const dialogOf = (id: string) => `/distribution-points/${id}?dialog=properties`;

let cluster: TestCluster;

/** One host whose push server is off. */
beforeAll(async () => {
  cluster = await TestCluster.create({ pushServers: 0 });
  await cluster.admin.groups.put('HQ/Floor 2');
  await cluster.admin.distributionPoints.put({ distributionPointId: 'dp-0', groups: [testGroup] });
  await cluster.startPushServer(0);
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

async function startSecondPushServer(): Promise<void> {
  const [port = 0] = await findFreePorts(1);
  const pushServer = { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 };
  await cluster.admin.distributionPoints.put({ distributionPointId: 'dp-1', groups: [testGroup], pushServer });
  await cluster.startPushServer(1);
  await cluster.nodesReady(2);
}

async function shows(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

function open(path: string, token?: string): Promise<Console> {
  return Console.signedIn(cluster, { path, ...(token !== undefined && { token }) });
}

describe('the console', () => {
  it('shows a taken port beside its field, loses nothing, and enables the push server on another one', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const [free = 0] = await findFreePorts(1);
    await using console = await open(dialogOf('dp-0'));
    const { page } = console;
    await page.getByText('Run push server').click();
    await page.getByLabel('Push server port').fill(String(port));
    await page.getByLabel('Address for remote hosts').fill('127.0.0.1');
    await page.getByLabel('Max connections').fill('1000');
    await page.getByRole('button', { name: 'OK' }).click();
    await shows(page, `Port ${port} is in use`);
    expect(await page.getByLabel('Address for remote hosts').inputValue()).toBe('127.0.0.1');
    expect(await page.getByLabel('Max connections').inputValue()).toBe('1000');
    await page.getByLabel('Push server port').fill(String(free));
    await page.getByRole('button', { name: 'OK' }).click();
    await shows(page, 'The push server is enabled.');
    taken.close();
  });

  it(`shows live how ${devices} devices arrive, and loads at most 300 KB first`, async () => {
    await startSecondPushServer();
    await using console = await Console.open(cluster);
    const { page } = console;
    await page.getByLabel('Token').fill(await cluster.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await shows(page, 'Push servers ready');
    const loadedBytes = await page.evaluate<number>(`
      performance.getEntries().filter(({ name }) => name.includes('/console/')).reduce((sum, one) => sum + (one.encodedBodySize ?? 0), 0)
    `);
    expect(loadedBytes).toBeGreaterThan(50 * 1_024);
    expect(loadedBytes).toBeLessThan(300 * 1_024);
    await cluster.devices.connect(devices);
    await page.locator('.figure', { hasText: 'Links' }).getByText(String(devices), { exact: true }).waitFor();
    await page.getByRole('img', { name: `Links over the last hour; ${devices} now` }).waitFor();
    const rate = page.locator('.figure', { hasText: 'Commands per second' });
    await rate.getByText('none now').waitFor();
    const inventory = { kind: 'runTask', runTask: { taskId: 'inventory' } } as const;
    await cluster.admin.groupPushes.start({ group: testGroup, operation: inventory });
    // The figure says so for five seconds.
    await Promise.all([
      page.getByRole('img', { name: /^Commands per second over the last hour; now Succeeded/ }).waitFor(),
      rate.getByText('all succeeded').waitFor(),
    ]);
    await lookAt(console, 'overview');
  });

  it('tells the second of two administrators what the first one has changed', async () => {
    await using first = await open(dialogOf('dp-0'));
    await using second = await open(dialogOf('dp-0'));
    second.watch.expect({ status: 412, path: '/v1/distribution-points/dp-0' });
    await first.page.getByLabel('Max connections').fill('500');
    await second.page.getByLabel('Max connections').fill('700');
    await first.page.getByRole('button', { name: 'OK' }).click();
    await shows(first.page, 'The push server is enabled.');
    await second.page.getByRole('button', { name: 'OK' }).click();
    await shows(second.page, 'Somebody else has changed these settings meanwhile.');
    expect(await second.page.getByLabel('Max connections', { exact: true }).inputValue()).toBe('700');
    await lookAt(second, 'properties-conflict');
    await second.page.getByRole('button', { name: 'Max connections: take theirs, 500' }).click();
    await second.page.getByRole('button', { name: 'OK' }).click();
    await shows(second.page, 'The push server is enabled.');
    const { distributionPoint } = await cluster.admin.distributionPoints.get('dp-0');
    expect(distributionPoint?.pushServer?.maxConnections).toBe(500);
  });

  it('synchronizes a group to 100 %', async () => {
    await using console = await open(`/groups?group=${testGroup}`);
    const { page } = console;
    await page.getByRole('button', { name: 'Force synchronization' }).click();
    await page.getByLabel('Reason').fill('policy changed');
    await page.getByRole('button', { name: 'Synchronize' }).click();
    // The groups' page shows an earlier group push that is done, too.
    await page.waitForURL('**/group-pushes/*');
    await page.getByRole('heading', { name: `of ${testGroup}` }).waitFor();
    await shows(page, `100% · ${devices} of ${devices}`);
    await shows(page, 'Done');
    expect(cluster.devices.all.every(({ seen }) => seen.some(({ kind }) => kind === 'forceSync'))).toBe(true);
    await lookAt(console, 'group-push');
    await console.goTo(`/groups?group=${testGroup}`);
    await shows(page, 'Force synchronization');
    await lookAt(console, 'groups');
  });

  it('drains a push server', async () => {
    await using console = await open('/distribution-points/dp-0');
    const { page } = console;
    await page.getByRole('button', { name: 'Drain' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    await page.getByRole('button', { name: 'End drain' }).waitFor();
    await shows(page, /told to leave · 0 still linked/);
    await lookAt(console, 'drain');
    await page.getByRole('button', { name: 'End drain' }).click();
    await page.getByRole('button', { name: 'Drain', exact: true }).waitFor();
  });

  it('lets a viewer neither push nor change, also not by a request made by hand', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'watcher', role: 'viewer' });
    await using console = await open(`/groups?group=${testGroup}&dialog=sync`, secret);
    const { page, watch } = console;
    await page.getByRole('link', { name: 'dp-0' }).waitFor();
    expect(await page.getByRole('button', { name: 'Force synchronization' }).count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    watch.expect({ status: 403, path: '/v1/group-pushes' });
    const status = await page.evaluate(`(async () => {
      const { csrfToken } = await (await fetch('/v1/session')).json();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken };
      const body = JSON.stringify({ group: '${testGroup}', operation: { forceSync: {} } });
      return (await fetch('/v1/group-pushes', { method: 'POST', headers, body })).status;
    })()`);
    expect(status).toBe(403);
    await console.goTo(dialogOf('dp-0'));
    await shows(page, 'Accepts per second');
    expect(await page.getByRole('button', { name: 'Properties' }).count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('is accessible on its other pages', async () => {
    await using console = await open('/distribution-points');
    await shows(console.page, 'dp-0');
    await lookAt(console, 'distribution-points');
    await console.goTo(dialogOf('dp-0'));
    await shows(console.page, 'Run push server');
    await lookAt(console, 'properties');
  });
});
