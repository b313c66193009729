import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { describe, expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { binary, runTool } from './cluster/tools.ts';

const floors = ['Import/Floor 0', 'Import/Floor 1', 'Import/Floor 2', 'Import/Floor 3'];

function* newDevices(count: number): Generator<NewDevice> {
  for (let index = 0; index < count; index += 1) {
    const labels = { os: index % 2 ? 'linux' : 'mac', ring: `r${index % 1_000}` };
    yield { deviceId: deviceId(index), group: floors[index % floors.length] ?? '', secret: testSecret, labels };
  }
}

const deviceId = (index: number) => `imported-${String(index).padStart(6, '0')}`;

describe.each(['embedded', 'redis'] as const)('a fleet on the %s registry', (registry) => {
  it('takes 100,000 devices in one import, lists them page by page, and moves them', { timeout: 300_000 }, async () => {
    await using cluster = await TestCluster.create({ pushServers: 0, balancers: 2, registry });
    const { admin } = cluster;
    for (const floor of floors) await admin.groups.put(floor);
    expect(await admin.devices.import(newDevices(100_000))).toEqual({ imported: 100_000, errors: [], errorCount: 0 });

    let next = 0;
    for await (const device of cluster.adminOf(1, await cluster.token).devices.list({ group: 'Import' })) {
      if (device.deviceId !== deviceId(next)) throw new Error(`${device.deviceId} is not ${deviceId(next)}`);
      next += 1;
    }
    expect(next).toBe(100_000);
    const ofRing = await Array.fromAsync(admin.devices.list({ labels: { os: 'linux', ring: 'r7' }, pageSize: 30 }));
    expect(ofRing.map((device) => device.deviceId)).toEqual(
      Array.from({ length: 100 }, (_, index) => deviceId(index * 1_000 + 7)),
    );

    const moved = ofRing.map((device) => device.deviceId);
    await admin.devices.move({ deviceIds: moved, group: 'Import' });
    const direct = await Array.fromAsync(admin.devices.list({ group: 'Import', excludeSubgroups: true }));
    expect(direct.map((device) => device.deviceId)).toEqual(moved);
    expect(await admin.groups.move({ path: 'Import/Floor 0', newPath: 'Annex/Floor 0' })).toBe(25_000);
    const inAnnex = await Array.fromAsync(admin.devices.list({ group: 'Annex', labels: { os: 'mac', ring: 'r0' } }));
    expect(inAnnex).toHaveLength(100);
    expect(await admin.devices.get(deviceId(0))).toMatchObject({ group: 'Annex/Floor 0', labels: { os: 'mac' } });
  });

  it('refuses what would break it, and names why', async () => {
    await using cluster = await TestCluster.create({ registry });
    const { admin } = cluster;
    await cluster.devices.connect(1);
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'not refused',
        (error: Error) => error.message,
      );
    expect(await refused(admin.groups.delete('Test'))).toBe(
      'group "Test" is in use by scopes of distribution points (such as "dp-0") and devices (such as "device-0")',
    );
    expect(await refused(admin.distributionPoints.delete('dp-0'))).toMatch(/^a push server runs on .*"dp-0" \(ready, /);
    expect(await refused(admin.groups.move({ path: 'Test', newPath: 'Test/Deeper' }))).toBe(
      'new_path: must be outside of the group "Test" itself',
    );
    expect(await refused(admin.devices.move({ deviceIds: ['device-0', 'nobody'], group: 'Test' }))).toBe(
      'there is no device "nobody"',
    );
    const bad = await admin.devices.import([
      { deviceId: 'good', group: 'Test', secret: testSecret },
      { deviceId: 'bad', group: 'Nowhere', secret: testSecret },
    ]);
    expect(bad).toMatchObject({
      imported: 0,
      errorCount: 1,
      errors: [{ row: 1, reason: 'ERROR_REASON_GROUP_NOT_FOUND' }],
    });
    expect(await refused(admin.devices.get('good'))).toBe('there is no device "good"');

    await cluster.devices.register('outside');
    await admin.groups.put('Branch');
    await admin.devices.move({ deviceIds: ['outside'], group: 'Branch' });
    const ticket = askTicket(cluster.assignUrls[0] ?? '', cluster.ca, 'outside', testSecret);
    await expect(ticket).rejects.toThrow('OUT_OF_SCOPE');
    // Connected there, and not served there any more: it is told to leave.
    await admin.devices.move({ deviceIds: ['device-0'], group: 'Branch' });
    await eventually('the moved device is away', async () => (await admin.devices.get('device-0')).session === null);
    await admin.devices.move({ deviceIds: ['device-0'], group: 'Test' });
    await eventually('it is back', async () => (await admin.devices.get('device-0')).session !== null);
    await admin.groups.move({ path: 'Test', newPath: 'Branch/Test' });
    expect((await admin.distributionPoints.get('dp-0')).distributionPoint.groups).toEqual(['Branch/Test']);
  });
});

describe('the command line', () => {
  it('manages groups, distribution points and devices', async () => {
    await using cluster = await TestCluster.create({ pushServers: 0 });
    const environment = {
      PUSHFLEET_STATE_DIR: cluster.stateDir,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
    };
    const run = (...args: string[]) => runTool(process.execPath, [binary, ...args], environment);
    const json = async (...args: string[]) => {
      const ran = await run(...args, '--json');
      expect(ran, args.join(' ')).toMatchObject({ status: 0, errors: '' });
      return JSON.parse(ran.output);
    };
    await run('groups', 'put', 'HQ/Floor 2', 'Branch');
    expect(await json('groups')).toEqual(['Branch', 'HQ', 'HQ/Floor 2', 'Test']);

    const csv = join(cluster.stateDir, 'devices.csv');
    await writeFile(
      csv,
      `deviceId,group,secret,labels\na,HQ/Floor 2,${testSecret},os=linux\nb,HQ,${testSecret},os=mac\n`,
    );
    expect(await json('devices', 'import', '-f', csv)).toEqual({ imported: 2, errorCount: 0, errors: [] });
    await writeFile(csv, `deviceId,group,secret\nc,HQ,${testSecret}\nd,Lab,${testSecret}\n`);
    const bad = await run('devices', 'import', '-f', csv);
    expect(bad.status).toBe(2);
    expect(bad.output).toContain('line 3: device.group: there is no group "Lab"; `pushfleet groups put` creates it');
    // Rows are lines to whoever has the file; what only looks like a row is left alone.
    await writeFile(
      csv,
      `deviceId,group,secret\n\nc,HQ,${testSecret}\nc,HQ,${testSecret}\nd,Lab row 0,${testSecret}\n`,
    );
    expect((await run('devices', 'import', '-f', csv)).output.split('\n').slice(0, 2)).toEqual([
      `${csv}, line 4: device.device_id: must be another one: line 3 has "c"`,
      `${csv}, line 5: device.group: there is no group "Lab row 0"; \`pushfleet groups put\` creates it`,
    ]);
    await writeFile(csv, `deviceId,group,secret\nc,"HQ,${testSecret}\n`);
    const unread = await run('devices', 'import', '-f', csv);
    expect(unread).toEqual({
      status: 1,
      output: '',
      errors: `pushfleet: ${csv}, line 2, field 2: a double quote is not closed\n`,
    });
    const ids = async (...args: string[]) => (await json(...args)).map((device: NewDevice) => device.deviceId);
    expect(await ids('devices', '--group', 'HQ')).toEqual(['a', 'b']);
    expect(await ids('devices', 'list', '--group', 'HQ', '--no-subgroups')).toEqual(['b']);
    expect(await ids('devices', '--label', 'os=linux')).toEqual(['a']);
    expect(await json('devices', 'put', 'b', '--group', 'HQ', '--label', 'os=bsd')).toMatchObject({
      labels: { os: 'bsd' },
    });
    expect(await json('devices', 'move', 'a', 'b', 'Branch')).toEqual({ moved: 2, group: 'Branch' });
    expect(await json('devices', 'get', 'a')).toMatchObject({ group: 'Branch', session: null });
    expect(await json('devices', 'delete', 'a')).toEqual({ deleted: ['a'] });

    expect((await run('dp', 'enable', 'dp-9')).errors).toContain('there is no distribution point "dp-9"');
    const settings = ['--groups', 'HQ', '--address', 'push1.example.org'];
    expect(await json('distribution-points', 'put', 'dp-9', ...settings)).toMatchObject({
      pushServer: { enabled: false, port: 13_295, maxConnections: 50_000, weight: 100 },
      node: null,
    });
    expect(await json('dp', 'enable', 'dp-9', '--port', '13296')).toMatchObject({
      pushServer: { enabled: true, port: 13_296 },
    });
    expect(await json('dp', 'set', 'dp-9', '--weight', '50', '--groups', 'HQ', 'Branch')).toMatchObject({
      groups: ['HQ', 'Branch'],
      pushServer: { enabled: true, port: 13_296, weight: 50 },
    });
    expect(await json('dp', 'disable', 'dp-9')).toMatchObject({ pushServer: { enabled: false, port: 13_296 } });
    expect((await run('dp')).output).toContain('not running');
    expect(await json('groups', 'move', 'Branch', 'HQ/Branch')).toEqual({
      path: 'Branch',
      newPath: 'HQ/Branch',
      movedDevices: 1,
    });
    const inUse = await run('groups', 'delete', 'HQ/Branch');
    expect(inUse).toMatchObject({ status: 1, errors: expect.stringContaining('such as "dp-9"') });
    await json('dp', 'delete', 'dp-9');
    await json('devices', 'delete', 'b');
    await json('groups', 'delete', 'HQ/Branch');
    expect(await json('groups')).toEqual(['HQ', 'HQ/Floor 2', 'Test']);
  });
});
