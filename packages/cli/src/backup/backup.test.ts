import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandId, DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import { hashSecret, type NewCommand, openRegistry, type Registry } from '@pushfleet/registry';
import { systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { startTestRedis } from '../../../../test/redis/redis-server.ts';
import { run } from './backup.fixture.ts';

const limits = { suspectAfterMs: 5_000, deadAfterMs: 15_000 };
const policy = { maxCommands: 100, maxBytes: 1_000_000, window: 2, keepEndedMs: 60_000 };
const device = (number: number) => `laptop-${number}` as DeviceId;

async function open(redisUrl?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-backup-'));
  const prefix = `backup-${randomBytes(6).toString('hex')}`;
  const registry = await openRegistry({ stateDir: directory, redisUrl, redisKeyPrefix: prefix, ...limits });
  const environment = {
    PUSHFLEET_STATE_DIR: directory,
    ...(redisUrl ? { PUSHFLEET_REDIS_URL: redisUrl, PUSHFLEET_REDIS_KEY_PREFIX: prefix } : {}),
  };
  return {
    ...{ directory, registry },
    file: join(directory, 'fleet.backup'),
    backup: (file: string) => run(environment, ['backup', file]),
    restore: (file: string, ...flags: string[]) => run(environment, ['restore', file, ...flags]),
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

function command(of: DeviceId, name: string, more: Partial<NewCommand> = {}): NewCommand {
  return {
    ...{ id: `${name}-1` as CommandId, device: of, priority: 'normal', collapseKey: '', idempotencyKey: '' },
    operation: { kind: 'runTask', runTask: { task: name, parameters: { depth: '2' } } } as never,
    ...{ fingerprint: '', ttlMs: 3_600_000, finishWithinMs: 7_200_000, ...more },
  };
}

const revocation = {
  ...{ serial: '0A', member: 'pushfleet://cluster/push-server/dp-9', revokedAtMs: 1_790_000_000_000 },
  expiresAtMs: 4_000_000_000_000,
};

const enrollment = {
  ...{ group: 'Köln' as GroupPath, createdBy: 'root', createdAtMs: 1_790_000_000_000, count: 30 },
  ...{ id: 'ab'.repeat(8), hash: 'ab'.repeat(32), expiresAtMs: 4_000_000_000_000 },
};

async function fill({
  fleet,
  apiTokens,
  commands,
  revocations,
  enrollmentTokens,
  maintenance,
}: Registry): Promise<void> {
  await enrollmentTokens.create(enrollment, 0);
  expect(await enrollmentTokens.take(enrollment.id, device(1))).toBe('taken');
  await enrollmentTokens.settle(enrollment.id, device(1));
  await enrollmentTokens.create({ ...enrollment, id: 'cd'.repeat(8), hash: 'cd'.repeat(32) }, 0);
  await enrollmentTokens.revoke('cd'.repeat(8), 1_791_000_000_000);
  await maintenance.request('dp-1' as NodeId, { kind: 'drain', ratePerSecond: 7, deadlineMs: 60_000 });
  await revocations.add([revocation]);
  const groups = ['HQ/Floor 2', 'Köln'] as GroupPath[];
  for (const group of groups) await fleet.putGroup(group);
  const pushServer = { enabled: true, port: 13_295, address: 'push.example.org', maxConnections: 5_000, weight: 100 };
  await fleet.putDistributionPoint({
    id: 'dp-1' as NodeId,
    groups,
    pushServer: { ...pushServer, addressCheck: 'warn' },
  });
  for (let number = 1; number <= 1_201; number += 1) {
    const labels = { os: number % 2 ? 'linux' : 'windows' };
    const [group] = groups as [GroupPath];
    await fleet.putDevice({
      id: device(number),
      group,
      secretHash: hashSecret('a secret of sixteen'),
      labels,
      linkKinds: ['grpc'],
    });
  }
  const token = { createdBy: 'root', createdAtMs: 1_700_000_000_000, hash: 'ab'.repeat(32) };
  await apiTokens.create({ ...token, name: 'night shift', role: 'operator', scope: 'Köln' as GroupPath });
  await apiTokens.create({
    ...token,
    name: 'old',
    role: 'viewer',
    hash: 'cd'.repeat(32),
    expiresAtMs: 1_800_000_000_000,
  });
  for (const name of ['first', 'second', 'third']) await commands.put(command(device(7), name), policy);
  await commands.put(command(device(7), 'urgent', { priority: 'high', collapseKey: 'scan' }), policy);
  await commands.put(command(device(1_200), 'short', { ttlMs: 1, finishWithinMs: 60_000 }), policy);
  await vi.waitFor(async () => expect(await commands.list(device(1_200))).toEqual([]));
}

/** When the commands that wait are given up at the latest, in milliseconds: until then they are delivered, and have ended. */
async function deadlinesOf({ commands }: Registry): Promise<number[]> {
  return (await commands.list(device(7))).flatMap(({ deliverByMs, finishByMs }) => [deliverByMs, finishByMs]);
}

/** All that a backup is to hold, but for times that the registry itself sets. */
async function contentOf({ fleet, apiTokens, commands, revocations, enrollmentTokens, maintenance }: Registry) {
  const devices = await fleet.listDevices({ includeSubgroups: true, limit: 5_000 });
  const waiting = await commands.list(device(7));
  return {
    groups: await fleet.listGroups(),
    points: await fleet.listDistributionPoints(),
    tokens: await apiTokens.list(),
    revocations: await revocations.list(),
    enrollmentTokens: await enrollmentTokens.list(),
    drain: await maintenance
      .get('dp-1' as NodeId)
      .then((last) => last && [last.kind, last.ratePerSecond, last.deadlineMs]),
    devices: devices.map(({ generation: _, ...rest }) => rest),
    commands: waiting.map(({ acceptedAtMs: _, deliverByMs: _by, finishByMs: _end, status, ...rest }) => ({
      ...{ ...rest, outcome: status.outcome },
    })),
  };
}

describe('backup and restore', { timeout: 60_000 }, () => {
  it('take a fleet from a file to Redis and back, with all that is in it', async () => {
    await using redis = await startTestRedis();
    await using small = await open();
    await fill(small.registry);
    const beganAtMs = systemClock.now();
    const [content, deadlines] = [await contentOf(small.registry), await deadlinesOf(small.registry)];
    expect(deadlines).toHaveLength(8);
    expect(content.revocations).toEqual([revocation]);
    expect(content.enrollmentTokens.map(({ id, left, revokedAtMs }) => [id, left, revokedAtMs])).toEqual([
      ['ab'.repeat(8), 29, undefined],
      ['cd'.repeat(8), 30, 1_791_000_000_000],
    ]);
    expect(content.drain).toEqual(['drain', 7, 60_000]);
    expect(content.commands.map(({ id }) => id)).toEqual(['urgent-1', 'first-1', 'second-1', 'third-1']);
    expect(await small.backup(small.file)).toContain(
      '3 groups, 1 distribution point, 1 drain, 1201 devices, 2 API tokens, 2 enrollment tokens, 4 commands, 1 revoked certificate',
    );
    expect((await stat(small.file)).mode & 0o077).toBe(0);

    await using large = await open(redis.url);
    expect(await large.restore(small.file)).toContain('1201 devices');
    expect(await contentOf(large.registry)).toEqual(content);

    await large.backup(large.file);
    await using again = await open();
    await again.restore(large.file);
    expect(await contentOf(again.registry)).toEqual(content);

    for (const registry of [large.registry, again.registry]) {
      const [kept, tookMs] = [await deadlinesOf(registry), systemClock.now() - beganAtMs];
      expect(kept).toHaveLength(deadlines.length);
      // A command is put with the time that it has left: its way from one clock to the other comes on top.
      for (const [index, atMs] of kept.entries())
        expect(Math.abs(atMs - (deadlines[index] as number))).toBeLessThanOrEqual(tookMs);
    }
  });

  it('hand a command that may have been sent to the device again, under its id', async () => {
    await using from = await open();
    await from.registry.fleet.putGroup('HQ' as GroupPath);
    await from.registry.fleet.putDevice({
      id: device(1),
      group: 'HQ' as GroupPath,
      secretHash: hashSecret('a secret of sixteen'),
      labels: {},
      linkKinds: [],
    });
    const at = { nodeId: 'dp-1' as NodeId, workerId: 'w0' as never, bootId: 'boot' as never };
    const { generation = 0 } = (await from.registry.fleet.getDevice(device(1))) ?? {};
    await from.registry.sessions.open(device(1), at, { link: 'mqtt', generation });
    const routed = await from.registry.commands.put(command(device(1), 'sent', { collapseKey: 'scan' }), policy);
    expect(routed.kind).toBe('routed');
    await from.backup(from.file);
    await using to = await open();
    await to.restore(from.file);
    expect(await to.registry.commands.list(device(1))).toMatchObject([
      { id: 'sent-1', collapseKey: '', status: { outcome: 'OUTCOME_QUEUED' } },
    ]);
  });

  it('give nothing back that devices have taken of an enrollment token since, and revoke one that was revoked', async () => {
    await using from = await open();
    await fill(from.registry);
    await from.backup(from.file);
    await using to = await open();
    await to.restore(from.file);
    const { enrollmentTokens } = to.registry;
    expect(await enrollmentTokens.take(enrollment.id, device(2))).toBe('taken');
    expect(await enrollmentTokens.take('cd'.repeat(8), device(2))).toBe('revoked');
    await to.restore(from.file, '--merge');
    expect((await enrollmentTokens.list()).map(({ left }) => left)).toEqual([28, 30]);
  });

  it('read a file of the former format, which has neither enrollment tokens nor drains', async () => {
    await using from = await open();
    await fill(from.registry);
    await from.backup(from.file);
    const former = (await readFile(from.file, 'utf8'))
      .replace('"format":2', '"format":1')
      .replace(/^\{"kind":"(enrollmentToken|drain)".*\n/gm, '')
      .replace(/"(enrollmentTokens|drains)":\d+,?/g, '')
      .replace(',}', '}');
    await writeFile(from.file, former);
    await using to = await open();
    expect(await to.restore(from.file)).toContain('0 drains, 1201 devices, 2 API tokens, 0 enrollment tokens');
  });

  it('refuse a registry that is not empty, unless what it has is to stay', async () => {
    await using from = await open();
    await fill(from.registry);
    await from.backup(from.file);
    await using to = await open();
    await to.registry.fleet.putGroup('Others' as GroupPath);
    await expect(to.restore(from.file)).rejects.toThrow(
      /has groups already; restore into an empty one, or say --merge/,
    );
    await to.restore(from.file, '--merge');
    await to.restore(from.file, '--merge');
    const { groups, commands } = await contentOf(to.registry);
    expect(groups).toEqual(['HQ', 'HQ/Floor 2', 'Köln', 'Others']);
    expect(commands).toHaveLength(4);
    await to.registry.apiTokens.revoke('old');
    const token = { name: 'old', role: 'admin', createdBy: 'root', createdAtMs: 0, hash: 'ef'.repeat(32) } as const;
    await to.registry.apiTokens.create(token);
    await expect(to.restore(from.file, '--merge')).rejects.toThrow('another token of the name "old"');
  });

  it('write no file over another one, and none where there is no registry', async () => {
    await using from = await open();
    await from.backup(from.file);
    await expect(from.backup(from.file)).rejects.toThrow('is there already');
    await expect(run({ PUSHFLEET_STATE_DIR: join(from.directory, 'none') }, ['backup', 'x'])).rejects.toThrow(
      'there is no registry',
    );
    await expect(from.backup(join(from.directory, 'none', 'x'))).rejects.toThrow(/cannot write .* \(ENOENT\)/);
  });

  it.each([
    ['is cut off', (lines: string[]) => lines.slice(0, -1), 'its last line is not the end; nothing was restored'],
    ['lacks a line', (lines: string[]) => lines.toSpliced(3, 1), 'is not whole'],
    [
      'is something else',
      () => ['{"kind":"group","path":"HQ"}'],
      'its first line, and no other, must be that of a backup',
    ],
    ['is no JSON', () => ['deviceId,group'], 'line 1: no JSON; a backup has one object on each line'],
    [
      'is of a newer format',
      (lines: string[]) => [String(lines[0]).replace('"format":2', '"format":3')],
      'line 1: format: must be 1 or 2; a newer version of pushfleet wrote it',
    ],
    [
      'holds a bad value',
      (lines: string[]) => lines.map((line) => line.replace('"port":13295', '"port":0')),
      /line 6: pushServer\.port: /,
    ],
    [
      'holds a field that it does not know',
      (lines: string[]) => lines.map((line) => line.replace('"kind":"token"', '"kind":"token","x":1')),
      /Unrecognized key: "x"/,
    ],
    ['goes on after its end', (lines: string[]) => [...lines, String(lines.at(-1))], 'goes on after its end'],
  ] as const)('change nothing where the file %s', async (_, spoil, words) => {
    await using from = await open();
    await fill(from.registry);
    await from.backup(from.file);
    const lines = (await readFile(from.file, 'utf8')).trimEnd().split('\n');
    await writeFile(from.file, `${spoil(lines).join('\n')}\n`);
    await using to = await open();
    await expect(to.restore(from.file)).rejects.toThrow(words);
    expect(await to.registry.fleet.listGroups()).toEqual([]);
  });
});
