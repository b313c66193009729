import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EventLog, eventually, TestCluster, testGroup } from '../cluster/index.ts';
import { Console, lookAt, signIn } from './console.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create();
  await cluster.admin.groups.put('OutOfScope');
  await cluster.admin.devices.put({ deviceId: 'kiosk-0', group: 'OutOfScope', secret: 'a secret of a device' });
  await cluster.devices.connect(3, 'till');
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** Status of a force sync that the page sends by hand, with its session. */
function pushByHand({ page }: Console, deviceId: string): Promise<number> {
  return page.evaluate(async (id) => {
    const session = (await (await fetch('/v1/session')).json()) as { csrfToken: string };
    const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrfToken };
    const body = '{"operation":{"forceSync":{}}}';
    return (await fetch(`/v1/devices/${id}/commands`, { method: 'POST', headers, body })).status;
  }, deviceId);
}

/** The newest of that kind. */
function historyRow(page: Page, kind: string) {
  return page
    .getByRole('grid', { name: 'History' })
    .getByRole('row')
    .filter({ has: page.getByText(kind, { exact: true }) })
    .first();
}

/** Another tab is shown in front of the page, as far as the page can tell. */
function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

describe('the pages of devices and tokens', () => {
  it('finds devices by a part of their ids, and keeps the search in the address', async () => {
    await using console = await Console.signedIn(cluster, { path: '/devices' });
    const { page } = console;
    await page.getByText('kiosk-0').waitFor();
    await page.getByLabel('Search').fill('till');
    await page.waitForURL(/search=till/);
    await page.getByText('kiosk-0').waitFor({ state: 'detached' });
    await page.getByText('till-1').waitFor();
    await lookAt(console, 'devices');
  });

  it('synchronizes a device, and shows where it was connected when it goes', async () => {
    await using console = await Console.signedIn(cluster, { path: '/devices/till-1' });
    const { page } = console;
    await historyRow(page, 'Connected').getByText('dp-0').waitFor();
    await page.getByRole('button', { name: 'Force synchronization' }).click();
    await page.getByRole('button', { name: 'Synchronize' }).click();
    await page.getByRole('list', { name: 'What became of it' }).getByText('Succeeded').waitFor();
    await cluster.devices.all[1]?.device.stop();
    await historyRow(page, 'Disconnected').getByText('dp-0').waitFor();
    await historyRow(page, 'Connected').waitFor();
    await lookAt(console, 'device');
  });

  it('shows where a device was connected that goes before its events are heard', async () => {
    const { device } = cluster.devices.create('till-3');
    await cluster.devices.register('till-3');
    device.start();
    await device.connected(AbortSignal.timeout(40_000));
    await using console = await Console.signedIn(cluster, { path: '/devices' });
    const { page } = console;
    const { promise: isGone, resolve: go } = Promise.withResolvers<void>();
    await page.route('**/v1/events?*', async (route) => {
      await isGone;
      await route.continue();
    });
    await page.getByRole('row', { name: 'till-3' }).click();
    await historyRow(page, 'Connected').waitFor();
    await using log = await EventLog.start(cluster.admin);
    await device.stop();
    await eventually('the balancer has told of it', () => log.of('EVENT_KIND_DEVICE_DISCONNECTED').length > 0);
    go();
    await historyRow(page, 'Disconnected').waitFor();
    await page.getByRole('status').filter({ hasText: 'Link: Away' }).waitFor();
  });

  it('hears nothing in a hidden tab, and afterwards everything that happened meanwhile', async () => {
    await using console = await Console.signedIn(cluster, { path: '/events' });
    const { page } = console;
    await page.getByText('Live', { exact: true }).waitFor();
    const isClosed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/v1/events'));
    await setHidden(page, true);
    await isClosed;
    await cluster.devices.all[2]?.device.stop();
    await eventually('the device is away', async () => (await cluster.admin.devices.get('till-2')).session === null);
    await setHidden(page, false);
    await page.getByRole('row', { name: 'till-2' }).getByText('Device disconnected').waitFor();
    expect(await page.getByText('Events are missing').count()).toBe(0);
    await lookAt(console, 'events');
  });

  it('shows in the audit what is done, and by which token', async () => {
    await using console = await Console.signedIn(cluster, { path: '/audit' });
    const { page } = console;
    await page.getByText('Live', { exact: true }).waitFor();
    await cluster.admin.tokens.create({ name: 'shop', role: 'operator', scope: testGroup });
    await page.getByRole('row', { name: 'CreateToken' }).getByText('root').waitFor();
    await lookAt(console, 'audit');
    await console.goTo('/tokens');
    await page.getByRole('button', { name: 'Revoke shop' }).waitFor();
    await lookAt(console, 'tokens');
  });

  it('shows only what one token did where it is asked for that, and goes on with it after a break', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'till', role: 'admin' });
    using shop = cluster.adminOf(0, secret);
    await using console = await Console.signedIn(cluster, { path: '/audit' });
    const { page } = console;
    // The address changes before the page does: until then it shows that the stream of all tokens is live.
    const isAsked = page.waitForRequest((request) => request.url().endsWith('/v1/audit?caller=till'));
    await page.getByLabel('Token').fill('till');
    await isAsked;
    await page.getByText('Live', { exact: true }).waitFor();
    await cluster.admin.groups.put('Root/A');
    await shop.groups.put('Till/A');
    await page.getByRole('row', { name: 'Till/A' }).waitFor();
    const isClosed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/v1/audit?caller=till'));
    await setHidden(page, true);
    await isClosed;
    await shop.groups.put('Till/B');
    await cluster.admin.groups.put('Root/B');
    await setHidden(page, false);
    await page.getByRole('row', { name: 'Till/B' }).waitFor();
    expect(await page.getByRole('row', { name: 'Till/A' }).count()).toBe(1);
    expect(await page.getByRole('row', { name: 'Root/' }).count()).toBe(0);
    await page.getByLabel('What and on what').fill('till/b');
    await page.getByRole('row', { name: 'Till/A' }).waitFor({ state: 'detached' });
    await page.getByLabel('What and on what').fill('');
    await page.getByRole('row', { name: 'Till/A' }).waitFor();
  });

  it('makes a token that is shown once, and ends the sessions of one that is revoked', async () => {
    await using console = await Console.signedIn(cluster, { path: '/tokens' });
    const { page } = console;
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('night shift');
    await page.locator('.dialog .radio', { hasText: 'Operator' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    const secret = await page.getByRole('textbox', { name: 'Token' }).inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: 'night shift' }).getByText('Operator').waitFor();
    await vi.waitFor(async () => expect(await page.content()).not.toContain(secret));
    await using other = await Console.signedIn(cluster, { path: '/devices', token: secret });
    await other.page.getByText('till-0', { exact: true }).waitFor();
    other.watch.expect({ status: 401, path: '/v1/' });
    await page.getByRole('button', { name: 'Revoke night shift' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The token night shift is revoked.').waitFor();
    await page.getByRole('row', { name: 'night shift' }).waitFor({ state: 'detached' });
    await other.page.getByText('Your session has ended').waitFor();
  });

  it('asks accessibly who one is', async () => {
    await using console = await Console.open(cluster);
    await console.page.getByLabel('Token').waitFor();
    await lookAt(console, 'sign-in');
  });

  it('offers a viewer no push, and refuses one that is made by hand', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'viewer', role: 'viewer' });
    await using console = await Console.signedIn(cluster, { path: '/devices', token: secret });
    const { page } = console;
    await page.getByText('till-0').waitFor();
    expect(await page.getByRole('button', { name: 'New device' }).count()).toBe(0);
    await console.goTo('/devices/till-0?dialog=force-sync');
    await historyRow(page, 'Connected').waitFor();
    for (const name of [
      'Force synchronization',
      'Run task',
      'Stop task',
      'Statistics',
      'Disconnect',
      'New secret',
      'Delete',
      'Edit',
    ]) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    expect(await page.getByRole('dialog').count()).toBe(0);
    console.watch.expect({ status: 403, path: '/commands' });
    expect(await pushByHand(console, 'till-0')).toBe(403);
  });

  it('refuses an operator a device outside of the scope', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'operator', role: 'operator', scope: testGroup });
    await using console = await Console.signedIn(cluster, { path: `/devices?group=${testGroup}`, token: secret });
    await console.page.getByText('till-0').waitFor();
    console.watch.expect({ status: 403, path: '/commands' });
    expect(await pushByHand(console, 'kiosk-0')).toBe(403);
    expect(await pushByHand(console, 'till-0')).toBe(200);
  });

  it('shows what has become of a command that was sent elsewhere', async () => {
    const operation = { kind: 'custom', custom: { name: 'reboot', payload: Buffer.alloc(0) } } as const;
    const durable = { deviceId: 'kiosk-0', operation, ttlMs: 60_000, wait: 'WAIT_ACCEPTED' } as const;
    const { deviceId, commandId } = await cluster.admin.commands.push(durable);
    await cluster.admin.commands.cancel({ deviceId, commandId });
    await using console = await Console.signedIn(cluster, { path: '/devices/kiosk-0' });
    await console.page.locator('.command-row', { hasText: 'Cancelled' }).click();
    await console.page.getByText(commandId).waitFor();
  });

  it('asks who works with a revoked token to sign in again, and goes on there', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'brief', role: 'admin' });
    await using console = await Console.signedIn(cluster, { path: '/devices?dialog=create', token: secret });
    const { page } = console;
    await page.getByLabel('Id', { exact: true }).fill('typed-id');
    console.watch.expect({ status: 401, path: '/v1/' });
    await cluster.admin.tokens.revoke('brief');
    await page.getByText('Your session has ended').waitFor();
    await signIn(page, await cluster.token);
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('typed-id');
  });
});
