import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster, testGroup } from '../cluster/index.ts';
import { Console, signIn } from './console.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create({ pushServers: 0 });
  await cluster.admin.groups.put('OutOfScope');
  for (const [deviceId, group] of [
    ['till-01', testGroup],
    ['till-02', testGroup],
    ['kiosk-01', 'OutOfScope'],
  ] as const) {
    await cluster.admin.devices.put({ deviceId, group, secret: 'a secret of a device' });
  }
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

describe('the pages of devices and tokens', { timeout: 120_000 }, () => {
  it('finds devices by a part of their ids, and keeps the search in the address', async () => {
    await using console = await Console.signedIn(cluster, { path: '/devices' });
    await console.page.getByLabel('Search').fill('till');
    await console.page.getByText('kiosk-01').waitFor({ state: 'detached' });
    await console.page.getByText('till-02').waitFor();
    expect(console.page.url()).toContain('search=till');
  });

  it('offers a viewer no push, and refuses one that is made by hand', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'viewer', role: 'viewer' });
    await using console = await Console.signedIn(cluster, { path: '/devices', token: secret });
    await console.page.getByText('till-01').waitFor();
    console.watch.expect({ status: 403, path: '/commands' });
    expect(await pushByHand(console, 'till-01')).toBe(403);
  });

  it('refuses an operator a device outside of the scope', async () => {
    const { secret } = await cluster.admin.tokens.create({ name: 'operator', role: 'operator', scope: testGroup });
    await using console = await Console.signedIn(cluster, { path: `/devices?group=${testGroup}`, token: secret });
    await console.page.getByText('till-01').waitFor();
    console.watch.expect({ status: 403, path: '/commands' });
    expect(await pushByHand(console, 'kiosk-01')).toBe(403);
    expect(await pushByHand(console, 'till-01')).toBe(200);
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
