import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, linksOn, TestCluster, testGroup } from '../cluster/index.ts';
import { Console, lookAt } from './console.ts';

const devices = 30;

let cluster: TestCluster;

/** Three push servers that share the devices evenly; their load is evened out by nobody but those who ask for it. */
beforeAll(async () => {
  cluster = await TestCluster.create({
    pushServers: 3,
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_REBALANCE: 'off' },
  });
  await cluster.devices.connect(devices);
  await evenOut();
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** A push server that was late for a moment got fewer devices than the others: they are moved then. */
async function evenOut(): Promise<void> {
  await eventually('links are even', async () => {
    const isEven = (await cluster.nodes()).every(({ live }) => live === devices / 3);
    if (!isEven) await cluster.admin.maintenance.startRebalance();
    return isEven;
  });
}

/** All devices have a link, and none of them on this push server. */
async function hasNone(nodeId: string): Promise<void> {
  await eventually(`${nodeId} has no links, the others have all`, async () => {
    const nodes = await cluster.nodes();
    const others = nodes.filter((node) => node.nodeId !== nodeId);
    return others.length === nodes.length - 1 && linksOn(others) === devices;
  });
}

async function spreadAs(...lives: number[]): Promise<void> {
  await eventually(`links are ${lives}`, async () => {
    const found = (await cluster.nodes()).map(({ live }) => live);
    return found.toSorted().join() === lives.toSorted().join();
  });
}

async function pids(): Promise<number[]> {
  return (await cluster.nodes()).flatMap(({ workers }) => workers.map(({ pid }) => pid));
}

async function shows(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: 60_000 });
}

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

describe('push servers in the console', { timeout: 240_000 }, () => {
  it('are restarted one alone, with its progress to the end', async () => {
    const before = (await cluster.node('dp-0'))?.workers.map(({ pid }) => pid);
    await using console = await Console.signedIn(cluster, { path: '/distribution-points/dp-0' });
    const { page } = console;
    await button(page, 'Restart').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('10 devices are told where to go').waitFor();
    await dialog.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('heading', { name: 'Restart', exact: true }).waitFor();
    await shows(page, 'Done');
    await shows(page, '10 told to leave · 0 still linked');
    expect((await cluster.node('dp-0'))?.workers.map(({ pid }) => pid)).not.toEqual(before);
    await cluster.nodesReady(3);
    await hasNone('dp-0');
  });

  it('even out their load as the preview says', async () => {
    await using console = await Console.signedIn(cluster, { path: '/rebalance' });
    const { page } = console;
    await shows(page, '10 devices would move.');
    const planned = page.getByRole('grid', { name: 'Planned moves' }).getByRole('row');
    await planned.filter({ hasText: 'dp-0' }).nth(1).waitFor();
    expect(await planned.count()).toBe(3);
    await button(page, 'Start rebalance').click();
    await page.getByRole('heading', { name: 'Last rebalance' }).waitFor();
    await shows(page, 'Done');
    await expect.poll(() => page.getByText(/^([1-9]) \/ \1$/).count()).toBe(2);
    await spreadAs(10, 10, 10);
    await lookAt(console, 'rebalance');
  });

  it('go on restarting in turn when the page is closed, and show it to a second administrator', async () => {
    const before = new Set(await pids());
    {
      await using first = await Console.signedIn(cluster, { path: '/rolling-restart' });
      await first.page.getByRole('grid', { name: 'Push servers in their order' }).waitFor();
      await lookAt(first, 'rolling-restart-preview');
      await button(first.page, 'Start rolling restart').click();
      // What pauses before the first one is restarted leaves it as it is.
      await eventually('the first one is restarted', async () => {
        const { steps = [] } = (await cluster.admin.maintenance.getRollingRestart()) ?? {};
        return steps.some(({ state }) => state !== 'ROLLING_RESTART_STEP_STATE_WAITING');
      });
      await button(first.page, 'Pause').click();
      await shows(first.page, 'Paused');
    }
    // The one whose turn it is goes on until it is ready: where the machine is slow, it is not the first.
    const restarted = await eventually('none is under way', async () => {
      const { steps = [] } = (await cluster.admin.maintenance.getRollingRestart()) ?? {};
      const ready = steps.filter(({ state }) => state === 'ROLLING_RESTART_STEP_STATE_READY').length;
      const waiting = steps.filter(({ state }) => state === 'ROLLING_RESTART_STEP_STATE_WAITING').length;
      return steps.length === 3 && ready + waiting === 3 && ready;
    });
    await using second = await Console.signedIn(cluster, { path: '/distribution-points' });
    const { page } = second;
    await shows(page, `${restarted} of 3 restarted`);
    await page.getByRole('link', { name: 'Show it' }).click();
    await shows(page, '10 moved away');
    await lookAt(second, 'rolling-restart');
    await page.reload();
    await button(page, 'Resume').click();
    await shows(page, 'Running');
    await page.getByRole('heading', { name: 'Last rolling restart' }).waitFor({ timeout: 120_000 });
    await shows(page, '3 of 3 restarted');
    await shows(page, 'Done');
    expect((await pids()).some((pid) => before.has(pid))).toBe(false);
    await spreadAs(10, 10, 10);
  });

  it('carry a group push that is paused, goes on, and is cancelled', async () => {
    await using console = await Console.signedIn(cluster, { path: `/groups?group=${testGroup}&dialog=sync` });
    const { page } = console;
    await page.getByLabel('Commands per second').fill('1');
    await page.getByRole('button', { name: 'Synchronize' }).click();
    await page.waitForURL('**/group-pushes/*');
    await button(page, 'Pause').click();
    await shows(page, 'Paused');
    await button(page, 'Resume').click();
    await shows(page, 'Running');
    await button(page, 'Cancel').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel group push' }).click();
    await shows(page, 'Cancelled');
    expect(await button(page, 'Resume').count()).toBe(0);
    const reached = cluster.devices.all.filter(({ seen }) => seen.some(({ kind }) => kind === 'forceSync'));
    expect(reached.length).toBeLessThan(devices);
  });
});
