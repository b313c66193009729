import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from '../cluster/index.ts';
import { Console } from './console.ts';

/** A fleet without a device, and without a push server. */
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create({ pushServers: 0 });
  await cluster.admin.groups.put('HQ');
  await cluster.admin.distributionPoints.put({ distributionPointId: 'dp-0', groups: ['HQ'] });
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** Whoever looks at a push server that was never drained is told that there is no maintenance. */
function open(path = '/'): Promise<Console> {
  return Console.signedIn(cluster, { path, refusals: [{ status: 404, path: '/maintenance' }] });
}

/** Text or label of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const { activeElement: one } = document;
    return one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
  })()`);
}

async function hasFocus(page: Page, name: string): Promise<void> {
  await expect.poll(() => focused(page)).toBe(name);
}

/** The heading of the page, not the link to it. */
async function headingHasFocus(page: Page, name: string): Promise<void> {
  await page.locator('h1:focus').filter({ hasText: name }).waitFor();
}

describe('the console by keyboard', () => {
  it('is skipped to its content, and begins another page at its heading, which the tab names, too', async () => {
    await using console = await open();
    const { page } = console;
    await page.getByText('No push server runs yet.').waitFor();
    await page.keyboard.press('Tab');
    await hasFocus(page, 'Skip to content');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');
    for (const [name, title] of [
      ['Distribution points', 'Distribution points · pushfleet'],
      ['Groups', 'Groups · pushfleet'],
      ['Devices', 'Devices · pushfleet'],
      ['Events', 'Events · pushfleet'],
    ] as const) {
      await page.getByRole('link', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await headingHasFocus(page, name);
      await expect.poll(() => page.title()).toBe(title);
    }
  });

  it.each([
    ['/distribution-points/dp-0', 'Properties', 'Run push server'],
    ['/distribution-points', 'Add', undefined],
    ['/groups?group=HQ', 'Force synchronization', 'Reason'],
    ['/groups?group=HQ', 'Add group', 'Name'],
    ['/devices', 'New device', 'Id'],
    ['/tokens', 'New token', 'Name'],
  ])('gives the focus back on %s where the dialog of "%s" is closed', async (path, trigger, first) => {
    await using console = await open(path);
    const { page } = console;
    await page.getByRole('button', { name: trigger, exact: true }).focus();
    await hasFocus(page, trigger);
    await page.keyboard.press('Enter');
    // Until it has the focus, keys go to what is behind it.
    await page.locator('.dialog:focus-within').waitFor();
    if (first !== undefined) await hasFocus(page, first);
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    await hasFocus(page, trigger);
  });

  it('opens what a row leads to, and goes back to where the list was', async () => {
    await using console = await open('/distribution-points');
    const { page } = console;
    await page.getByRole('row', { name: 'dp-0' }).focus();
    await page.keyboard.press('Enter');
    await headingHasFocus(page, 'dp-0');
    await page.goBack();
    await headingHasFocus(page, 'Distribution points');
  });

  it('says what there is to do where there is nothing yet', async () => {
    await using console = await open('/devices');
    const { page } = console;
    await page.getByText('There are no devices yet.').waitFor();
    await console.goTo('/groups?group=HQ');
    await page.getByText('None in the last day.').waitFor();
    await console.goTo('/distribution-points/dp-0');
    await page.getByText('Off', { exact: true }).first().waitFor();
  });

  it.each([
    ['Distribution points', 'There are no distribution points yet.'],
    ['Groups', 'There are no groups yet.'],
    ['Groups', 'None in the last day.'],
    ['Devices', 'There are no devices yet.'],
    ['Tokens', 'No token has been made yet.'],
  ])('claims nothing on the page %s before the balancer has answered', async (name, claim) => {
    await using console = await open('/events');
    const { page } = console;
    const held: Route[] = [];
    let isSlow = true;
    await page.route(/\/v1\/(distribution-points|groups|group-pushes|devices|tokens)\b/, (route) =>
      isSlow ? void held.push(route) : route.continue(),
    );
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByText('Loading …').first().waitFor();
    await expect.poll(() => held.length).toBeGreaterThan(0);
    expect(await page.getByText(claim).count()).toBe(0);
    isSlow = false;
    await Promise.all(held.map((route) => route.continue()));
    await page.getByText('Loading …').first().waitFor({ state: 'detached' });
  });

  it('announces that its data are live no more, and that they are again', async () => {
    await using console = await open();
    const { page, watch } = console;
    const status = page.getByRole('status').filter({ hasText: 'Live data' });
    await status.getByText('Live', { exact: true }).waitFor();
    watch.expect({ status: 503, path: '/v1/' });
    let isDown = true;
    await page.route('**/v1/overview/watch', (route) =>
      isDown ? route.fulfill({ status: 503, body: '{}' }) : route.continue(),
    );
    await page.evaluate(`
      Object.defineProperty(document, 'hidden', { get: () => window.isAway, configurable: true });
      for (window.isAway of [true, false]) document.dispatchEvent(new Event('visibilitychange'));
    `);
    await status.getByText('Connection lost').waitFor();
    isDown = false;
    await status.getByText('Live', { exact: true }).waitFor();
  });
});
