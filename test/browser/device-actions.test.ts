import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster, testGroup } from '../cluster/index.ts';
import { Console } from './console.ts';

let cluster: TestCluster;
let operator: string;

beforeAll(async () => {
  cluster = await TestCluster.create();
  operator = (await cluster.admin.tokens.create({ name: 'operator', role: 'operator' })).secret;
  await cluster.devices.connect(4, 'kiosk');
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

function open(deviceId: string, token?: string): Promise<Console> {
  return Console.signedIn(cluster, { path: `/devices/${deviceId}`, ...(token !== undefined && { token }) });
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click();
}

/** Presses a button of the dialog that is open. */
function pressInDialog(page: Page, name: string): Promise<void> {
  return page.locator('.dialog').getByRole('button', { name, exact: true }).click();
}

function command(page: Page, text: string) {
  return page.locator('.command-row', { hasText: text });
}

/** Status of a request that the page makes by hand, with its session. */
function byHand({ page }: Console, method: string, path: string, body?: unknown): Promise<number> {
  return page.evaluate(
    async ([verb, url, text]) => {
      const { csrfToken } = (await (await fetch('/v1/session')).json()) as { csrfToken: string };
      const headers = { 'x-csrf-token': csrfToken, ...(text !== undefined && { 'content-type': 'application/json' }) };
      return (await fetch(url, { method: verb, headers, ...(text !== undefined && { body: text }) })).status;
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

describe('the page of a device', () => {
  it('runs a task, shows how far it is, and stops it', async () => {
    cluster.devices.all[0]?.device.handle('runTask', async (_task, { signal, progress }) => {
      progress({ percent: 40, message: 'files scanned' });
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await using console = await open('kiosk-0', operator);
    const { page } = console;
    await press(page, 'Run task');
    await page.getByRole('textbox', { name: 'Task' }).fill('scan');
    await page.getByLabel('Parameters').fill('depth');
    await page.getByText('"depth" is not key=value').waitFor();
    await page.getByLabel('Parameters').fill('depth=full');
    await pressInDialog(page, 'Run');
    await page.getByText('40% files scanned').waitFor();
    await page.getByRole('status').filter({ hasText: 'Run task scan: Running' }).waitFor();
    await press(page, 'Stop task');
    await page.getByRole('textbox', { name: 'Task' }).fill('scan');
    await pressInDialog(page, 'Stop');
    await command(page, 'Stop task scan').getByText('Succeeded').waitFor();
    await command(page, 'Run task scan').click();
    await page.getByRole('status').filter({ hasText: 'Run task scan: Cancelled' }).waitFor();
  });

  it('charts statistics while they come', async () => {
    let files = 0;
    cluster.devices.all[1]?.device.handle('getStatistics', () => {
      files += 1;
      return { files };
    });
    await using console = await open('kiosk-1', operator);
    const { page } = console;
    await press(page, 'Statistics');
    await page.getByLabel('Application').fill('scanner');
    await page.getByText('Again and again').click();
    await pressInDialog(page, 'Get');
    await page.getByRole('img', { name: /^files: (?![12]$)/ }).waitFor();
    await press(page, 'Cancel the command');
    await command(page, 'Statistics of scanner').getByText('Cancelled').waitFor();
  });

  it('ends a link, and shows that the device has come back', async () => {
    const before = await cluster.admin.devices.get('kiosk-2');
    await using console = await open('kiosk-2', operator);
    const { page } = console;
    await page.getByRole('status').filter({ hasText: 'Link: Connected' }).waitFor();
    await press(page, 'Disconnect');
    await pressInDialog(page, 'Disconnect');
    await page.getByText('The link of kiosk-2 ends.').waitFor();
    await page.getByRole('grid', { name: 'History' }).getByText('Disconnected').waitFor();
    await eventually('another session', async () => {
      const { session } = await cluster.admin.devices.get('kiosk-2');
      return session != null && session.epoch !== before.session?.epoch;
    });
    await page.getByRole('status').filter({ hasText: 'Link: Connected' }).waitFor();
  });

  it('shows a new secret once, by which the device comes back', async () => {
    const [kiosk] = cluster.devices.all.splice(2, 1);
    await using console = await open('kiosk-2');
    const { page } = console;
    await press(page, 'New secret');
    await pressInDialog(page, 'Make a new secret');
    const secret = await page.getByLabel('Secret of kiosk-2').inputValue();
    expect(secret).toMatch(/^[\w-]{43}$/);
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Secret of kiosk-2').count()).toBe(1);
    await page.getByRole('status').filter({ hasText: 'Link: Away' }).waitFor();
    await kiosk?.device.stop();
    await pressInDialog(page, 'Done');
    await page.getByLabel('Secret of kiosk-2').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
    const { device } = cluster.devices.create('kiosk-2', { secret });
    device.start();
    await page.getByRole('status').filter({ hasText: 'Link: Connected' }).waitFor();
  });

  it('tells whoever saves settings what somebody else has changed meanwhile', async () => {
    await using console = await open('kiosk-1');
    const { page, watch } = console;
    watch.expect({ status: 409, path: '/v1/devices/kiosk-1' });
    await press(page, 'Edit');
    await page.getByRole('textbox', { name: 'Labels' }).fill('floor=2');
    const { group } = await cluster.admin.devices.get('kiosk-1');
    await cluster.admin.devices.put({ deviceId: 'kiosk-1', group, labels: { floor: '7' } }, { updateMask: ['labels'] });
    await pressInDialog(page, 'Save');
    await page.getByText('Somebody else has changed this device meanwhile').waitFor();
    await page.getByText('Labels: none → floor=7').waitFor();
    expect(await page.getByRole('textbox', { name: 'Labels' }).inputValue()).toBe('floor=2');
    await pressInDialog(page, 'Save');
    await page.getByRole('list', { name: 'Labels' }).getByText('floor=2').waitFor();
    expect((await cluster.admin.devices.get('kiosk-1')).labels).toEqual({ floor: '2' });
  });

  it('asks for the token again where the session ends before a form is saved, and saves it then', async () => {
    await using console = await open('kiosk-1');
    const { page, watch } = console;
    await press(page, 'Edit');
    await page.getByRole('textbox', { name: 'Labels' }).fill('floor=3');
    watch.expect({ status: 401, path: '/v1/' });
    await page.context().clearCookies();
    await pressInDialog(page, 'Save');
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('Token').fill(await cluster.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Your session has ended').waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Labels' }).inputValue()).toBe('floor=3');
    await pressInDialog(page, 'Save');
    await page.getByRole('list', { name: 'Labels' }).getByText('floor=3').waitFor();
  });

  it('lets an operator neither change nor delete a device, also not by a request made by hand', async () => {
    await using console = await open('kiosk-3', operator);
    const { page, watch } = console;
    await page.getByRole('button', { name: 'Disconnect' }).waitFor();
    for (const name of ['Edit', 'New secret', 'Delete']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    watch.expect({ status: 403, path: '/v1/' });
    const device = { group: testGroup, labels: { floor: '1' } };
    expect(await byHand(console, 'PUT', '/v1/devices/kiosk-3', { device })).toBe(403);
    expect(await byHand(console, 'DELETE', '/v1/devices/kiosk-3')).toBe(403);
    expect(await byHand(console, 'POST', '/v1/tokens', { name: 'more', role: 'ROLE_ADMIN' })).toBe(403);
    for (const dialog of ['edit', 'new-secret', 'delete']) {
      await console.goTo(`/devices/kiosk-3?dialog=${dialog}`);
      await page.getByRole('button', { name: 'Disconnect' }).waitFor();
      expect(await page.locator('.dialog').count(), dialog).toBe(0);
    }
  });

  it('deletes a device, and leads to the others', async () => {
    await using console = await open('kiosk-3');
    const { page, watch } = console;
    watch.expect({ status: 404, path: '/v1/devices/kiosk-3' });
    await press(page, 'Delete');
    await pressInDialog(page, 'Delete');
    await page.waitForURL('**/console/devices');
    await page.getByText('kiosk-3 is deleted.').waitFor();
    await page.getByText('kiosk-1', { exact: true }).waitFor();
    await page.getByText('kiosk-3', { exact: true }).waitFor({ state: 'detached' });
    await expect(cluster.admin.devices.get('kiosk-3')).rejects.toThrow(/no device/);
    await console.goTo('/devices/kiosk-3');
    await page.getByRole('alert').filter({ hasText: 'There is no device "kiosk-3"' }).waitFor();
  });
});
