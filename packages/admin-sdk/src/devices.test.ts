import { type admin, PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { startBalancer, type TestBalancer } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ deviceId: `d${index}`, group: 'HQ', labels: { os: 'linux' } }));

describe('an import', () => {
  it('streams every device, from any iterable', async () => {
    await using balancer = await startBalancer();
    using client = connect(balancer);
    let rows: admin.ImportDevicesRequest[] = [];
    balancer.answers.ImportDevices = (received: admin.ImportDevicesRequest[]) => {
      rows = received;
      return { imported: received.length };
    };
    async function* slowly() {
      for (const device of many(3)) yield await Promise.resolve({ ...device, secret: 's' });
    }
    expect(await client.devices.import(many(20_000))).toEqual({ imported: 20_000, errors: [], errorCount: 0 });
    expect(await client.devices.import(slowly())).toMatchObject({ imported: 3 });
    expect(rows[2]).toEqual({
      device: { deviceId: 'd2', group: 'HQ', labels: { os: 'linux' }, linkKinds: [], session: null, etag: '' },
      secret: 's',
    });
  });

  it('throws what the iterable throws, and is given up with its signal', async () => {
    await using balancer = await startBalancer();
    using client = connect(balancer);
    function* broken() {
      yield* many(2);
      throw new Error('no such file');
    }
    await expect(client.devices.import(broken())).rejects.toThrow('no such file');
    const controller = new AbortController();
    async function* endless() {
      yield* many(2);
      controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    }
    await expect(client.devices.import(endless(), { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('of which there are many are listed page by page, as are groups and all else', async () => {
    await using balancer = await startBalancer();
    using client = connect(balancer);
    const asked: string[] = [];
    balancer.answers.ListGroups = ({ pageToken, pageSize }: admin.ListGroupsRequest) => {
      asked.push(`${pageToken}/${pageSize}`);
      const nextPageToken = pageToken === '' ? 'second' : '';
      return { groups: [{ path: pageToken === '' ? 'A' : 'B' }], nextPageToken };
    };
    expect(await client.groups.list()).toEqual([
      { path: 'A', devices: 0 },
      { path: 'B', devices: 0 },
    ]);
    expect(asked).toEqual(['/1000', 'second/1000']);
  });

  it('throws the error of a balancer that refuses it', async () => {
    await using balancer = await startBalancer();
    using client = connect(balancer);
    balancer.answers.ImportDevices = () => {
      throw new PushfleetError('OVERLOADED', 'later', { retryAfterMs: 5 });
    };
    await expect(client.devices.import(many(5))).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 5 });
  });
});
