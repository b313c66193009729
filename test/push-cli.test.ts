import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import { binary, runTool, type ToolResult } from './cluster/tools.ts';

describe('pushfleet push', () => {
  let cluster: TestCluster;
  let environment: Record<string, string>;

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2 });
    environment = {
      PUSHFLEET_STATE_DIR: cluster.stateDir,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
    };
    await cluster.devices.connect(3, 'pc');
    await cluster.devices.register('away');
    for (const { device } of cluster.devices.all) {
      device.handle('runTask', ({ parameters }, { progress }) => {
        progress({ percent: 50, message: 'half of it' });
        return { output: JSON.stringify(parameters) };
      });
      device.handle('custom', ({ payload }) => ({ output: payload }));
      device.handle('getStatistics', () => ({ scanned: 7, infected: 0 }));
    }
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const pushfleet = (...args: string[]): Promise<ToolResult> =>
    runTool(process.execPath, [binary, ...args], environment);

  async function json<Answer>(...args: string[]): Promise<Answer & { status: number | null }> {
    const { status, output, errors } = await pushfleet(...args, '--json');
    expect(output, errors).not.toBe('');
    return { ...(JSON.parse(output) as Answer), status };
  }

  interface Pushed {
    outcomes: Record<string, number>;
    devices: { id: string; outcome: string; commandId?: string; output?: string }[];
  }

  it('sync: says of each device what it did, and of one that is away that nothing was sent', async () => {
    const { status, output } = await pushfleet('push', 'sync', 'pc-0', 'away', 'nobody');
    expect(status).toBe(2);
    expect(output.split('\n')).toEqual([
      'DEVICE  OUTCOME        REASON',
      'pc-0    SUCCEEDED',
      expect.stringMatching(/^away {4}NOT_CONNECTED/),
      expect.stringMatching(/^nobody {2}NOT_ACCEPTED {3}.+nobody/),
      '',
      '3 devices: 1 SUCCEEDED, 1 NOT_CONNECTED, 1 NOT_ACCEPTED',
      '',
    ]);
  });

  it('shows what a device says without doing what it says to the terminal', async () => {
    const said = 'ok\x1b]0;owned\x07\x1b[2J\n3 devices: 3 SUCCEEDED\x9b31m\u202e';
    const visible = 'ok\\x1b]0;owned\\x07\\x1b[2J 3 devices: 3 SUCCEEDED\\x9b31m\\u202e';
    const asked = ['push', 'custom', 'pc-0', 'echo', '--payload', said];
    const { output } = await pushfleet(...asked);
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/^DEVICE {2}OUTCOME/),
      `pc-0    SUCCEEDED          ${visible}`,
      '',
      '1 device: 1 SUCCEEDED',
      '',
    ]);
    const answered = await pushfleet(...asked, '--json');
    expect(answered.output).toMatch(/^[ -~\n]*$/);
    expect(JSON.parse(answered.output).devices[0].output).toBe(said);
    const forced = await pushfleet('push', 'sync', '\x1b[2Jpc-0');
    expect(forced.output + forced.errors).not.toContain('\x1b');
  });

  it('sync --ttl: leaves it to a device that is away, which gets it on its return, once', async () => {
    const pushed = await json<Pushed>('push', 'sync', 'pc-0', 'away', '--ttl', '10m');
    expect(pushed).toMatchObject({ status: 0, outcomes: { SUCCEEDED: 1, QUEUED: 1 } });
    const commandId = pushed.devices.find(({ id }) => id === 'away')?.commandId ?? '';
    const listed = await pushfleet('commands', 'list', 'away');
    expect(listed.output).toContain(commandId);

    const watching = new ClusterProcess('watch', ['commands', 'watch', 'away', commandId], environment);
    await watching.said('QUEUED');
    const { device, seen } = cluster.devices.create('away');
    device.start();
    await eventually('the watch ends with the command', () => !watching.isRunning);
    expect(watching.output).toMatch(/^QUEUED\n(.+\n)*SUCCEEDED\n$/);
    expect(seen.map(({ id }) => id)).toEqual([commandId]);
    await device.stop();
    await eventually('it is away again', async () => (await cluster.admin.devices.get('away')).session === null);
  });

  it('sync --ttl --wait finished: Ctrl-C ends the waiting, not the command, and says how to follow it', async () => {
    const waiting = new ClusterProcess(
      'push',
      ['push', 'sync', 'away', '--ttl', '10m', '--wait', 'finished'],
      environment,
    );
    await eventually('it waits', async () => (await cluster.admin.commands.list('away')).length === 1);
    await expect(waiting.stop('SIGINT')).rejects.toThrow('ended with 2');
    const [command] = await cluster.admin.commands.list('away');
    expect(waiting.output).toContain(`pushfleet commands watch away ${command?.commandId}`);
    const cancelled = await json<{ outcome: string }>('commands', 'cancel', 'away', command?.commandId ?? '');
    expect(cancelled).toMatchObject({ status: 0, outcome: 'CANCELLED' });
    expect((await pushfleet('commands', 'list', 'away')).output).toBe('None waits.\n');
    const ended = await pushfleet('commands', 'list', 'away', '--ended');
    expect(ended.output).toMatch(new RegExp(`${command?.commandId} .*CANCELLED`));
  });

  it('sync --group: every device, with a pace; with --ttl those that are away stay in the queue', async () => {
    const direct = await json<Pushed & { state: string }>('push', 'sync', '--group', testGroup, '--rate', '100');
    expect(direct).toMatchObject({ status: 2, state: 'done', outcomes: { SUCCEEDED: 3, NOT_CONNECTED: 1 } });
    const durable = await json<Pushed & { groupPushId: string }>('push', 'sync', '--all', '--ttl', '10m');
    expect(durable).toMatchObject({ status: 0, outcomes: { SUCCEEDED: 3, QUEUED: 1 } });

    const id = durable.groupPushId;
    expect((await pushfleet('group-pushes', 'list')).output).toContain(id);
    expect((await pushfleet('group-pushes', 'outcomes', id, '--outcome', 'queued')).output).toBe('away  QUEUED\n');
    expect((await pushfleet('group-pushes', 'pause', id)).output).toBe(`${id}: running, all commands are out\n`);
    expect((await pushfleet('group-pushes', 'cancel', id)).status).toBe(0);
    const watched = await json<Pushed & { state: string }>('group-pushes', 'watch', id);
    expect(watched).toMatchObject({ status: 2, state: 'cancelled', outcomes: { SUCCEEDED: 3, CANCELLED: 1 } });
  });

  it('sync --group --detach: goes on by itself; can be paused, resumed and cancelled', async () => {
    const begun = await json<{ groupPushId: string }>('push', 'sync', '-g', testGroup, '--jitter', '1h', '--detach');
    const change = (name: string) => pushfleet('group-pushes', name, begun.groupPushId);
    expect((await change('pause')).output).toBe(`${begun.groupPushId}: paused\n`);
    expect((await change('get')).output).toMatch(/^state +paused$/m);
    expect((await change('resume')).output).toBe(`${begun.groupPushId}: running\n`);
    expect((await change('cancel')).output).toBe(`${begun.groupPushId}: cancelled\n`);
  });

  it('task, stop-task and custom: bring back what the device answers', async () => {
    const task = await json<Pushed>('push', 'task', 'pc-0', '--task', 'inventory', '--param', 'depth=full');
    expect(task.devices).toEqual([{ id: 'pc-0', outcome: 'SUCCEEDED', reason: '', output: '{"depth":"full"}' }]);
    const stopped = await pushfleet('push', 'stop-task', 'pc-0', '--task', 'inventory');
    expect(stopped).toMatchObject({ status: 0, output: expect.stringContaining('it had ended before') });

    const file = join(cluster.stateDir, 'payload');
    await writeFile(file, 'from a file');
    const custom = await json<Pushed>('push', 'custom', 'pc-0', 'pc-1', 'echo', '--payload-file', file);
    expect(custom.devices.map(({ output }) => output)).toEqual(['from a file', 'from a file']);
  });

  it('statistics: once, or again and again until there were enough', async () => {
    const once = await pushfleet('push', 'statistics', 'pc-0', '--application', 'antivirus');
    expect(once.output).toMatch(/COUNTER +VALUE\n(scanned +7\ninfected +0|infected +0\nscanned +7)\n/);
    const args = ['pc-1', '--application', 'antivirus', '--counter', 'scanned', '--every', '100ms', '--count', '3'];
    const live = await pushfleet('push', 'statistics', ...args);
    expect(live.output.trim().split('\n')).toEqual(Array(3).fill(expect.stringMatching(/^[\d:.]{12} {2}scanned=7$/)));
    expect(live.status).toBe(0);
    expect((await pushfleet('push', 'statistics', 'away', '--application', 'antivirus')).status).toBe(2);
  });

  it('asks another balancer where one of several is gone', async () => {
    const several = { ...environment, PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:1,${environment.PUSHFLEET_ADMIN_ADDRESS}` };
    const ran = await runTool(process.execPath, [binary, 'push', 'sync', '--group', testGroup, '--detach'], several);
    expect(ran).toMatchObject({ status: 0, errors: '' });
  });

  const tooLong = 'k'.repeat(129);
  const toGroup = ['push', 'sync', '--group', testGroup];
  const statistics = ['push', 'statistics', 'pc-0', '--application', 'antivirus'];

  // Whatever only balancers check, with the words of the one that was asked.
  it.each([
    [['push', 'sync', 'pc-0', '--priority', 'high'], '--priority: must be absent in a direct command; --ttl makes'],
    [['push', 'sync', 'pc-0', '--collapse-key', 'k'], '--collapse-key: must be absent in a direct command; --ttl'],
    [['push', 'sync', 'pc-0', '--idempotency-key', 'k'], '--idempotency-key: must be absent in a direct command'],
    [
      ['push', 'sync', 'pc-0', '--ttl', '1s', '--deliver-within', '1s'],
      '--deliver-within: must be absent where --ttl says',
    ],
    [['push', 'sync', 'pc-0', '--ttl', '31d'], '--ttl: must be 1ms to 30d, or absent'],
    [['push', 'sync', 'pc-0', '--ttl', '60d'], '--ttl: must be 1ms to 30d, or absent'],
    [['push', 'sync', 'pc-0', '--deliver-within', '601s'], '--deliver-within: must be 1ms to 10m, or absent (10s)'],
    [['push', 'sync', 'pc-0', '--finish-within', '61m'], '--finish-within: must be 10s to 1h, or absent'],
    [['push', 'sync', 'pc-0', '--deliver-within', '2s', '--finish-within', '1s'], '--finish-within: must be 2s to 1h'],
    [['push', 'sync', 'pc-0', '--ttl', '1d', '--finish-within', '32d'], '--finish-within: must be 1d to 31d'],
    [['push', 'sync', 'pc-0', '--ttl', '1m', '--finish-within', '1s'], '--finish-within: must be 1m to 31d'],
    [['push', 'sync', 'pc-0', '--ttl', '1m', '--collapse-key', tooLong], '--collapse-key: must be at most 128 bytes'],
    [['push', 'sync', 'pc-0', '--ttl', '1m', '--idempotency-key', tooLong], '--idempotency-key: must be at most 128'],
    [['push', 'sync', 'pc-0', '--reason', 'x'.repeat(257)], '--reason: must be at most 256 bytes'],
    [['push', 'task', 'pc-0', '--task', 'a b'], '--task: must be 1 to 128 of'],
    [['push', 'task', 'pc-0', '--task', 'a', '--param', `a=${'x'.repeat(4_097)}`], '--param: must be a map with'],
    [['push', 'stop-task', 'pc-0', '--task', 'a b', '--ttl', '1m'], '--task: must be 1 to 128 of'],
    [['push', 'custom', 'pc-0', '/'], 'the name of the operation: must be 1 to 128 of'],
    [[...statistics, '--every', '1ms'], '--every: must be 100ms to 1d'],
    [[...statistics, '--every', '25h'], '--every: must be 100ms to 1d'],
    [[...toGroup, '--priority', 'high'], '--priority: must be absent'],
    [[...toGroup, '--ttl', '60d'], '--ttl: must be 1ms to 30d, or absent'],
    [[...toGroup, '--jitter', '25h'], '--jitter: must be 1ms to 1d, or absent'],
    [[...toGroup, '--abort-failed', '101'], '--abort-failed: must be 0 (never) to 100'],
    [[...toGroup, '--idempotency-key', tooLong], '--idempotency-key: must be at most 128 bytes'],
    [['dp', 'put', 'dp-9'], '--groups: must be at least one group'],
    [['dp', 'set', 'dp-0', '--port', '65536'], '--port: must be 1 to 65535, or 0 for 13295'],
    [['dp', 'set', 'dp-0', '--weight', '1001'], '--weight: must be 1 to 1000'],
    [['dp', 'set', 'dp-0', '--max-connections', '10000001'], '--max-connections: must be 1 to 10000000'],
    [['dp', 'put', 'dp-9', '--groups', testGroup, '--enabled'], '--address: must be'],
    [['drain', 'dp-0', '--rate', '10001'], '--rate: must be 1 to 10000'],
    [['drain', 'dp-0', '--deadline', '86401'], '--deadline: must be 1ms to 1d, or absent (5m)'],
    [['restart', 'dp-0', '--deadline', '999999999'], '--deadline: must be 1ms to 1d, or absent (5m)'],
    [['drain', 'dp-9'], 'there is no push server "dp-9"; `pushfleet nodes` lists them'],
    [
      ['dp', 'put', 'dp-9', '--groups', 'Nowhere'],
      '--groups: there is no group "Nowhere"; `pushfleet groups put` creates',
    ],
    [['devices', 'move', 'pc-0', '/'], '--group: must be 1 to 16 names'],
    [['devices', 'move', 'a b', testGroup], 'the id of a device: must be 1 to 128 of'],
    [['groups', 'move', testGroup, `${testGroup}/Deeper`], 'the new path: must be outside of the group'],
    [['commands', 'cancel', 'pc-0', 'c-1', '--reason', 'x'.repeat(257)], '--reason: must be at most 256 bytes'],
  ])('%j is refused by the balancer, which names a field, and the user reads of the flag', async (args, message) => {
    const { status, output, errors } = await pushfleet(...args);
    expect({ status, output, errors }).toEqual({
      status: 1,
      output: '',
      errors: expect.stringContaining(`pushfleet: `),
    });
    expect(errors).toContain(message);
  });

  it.each([
    [['push', 'sync', 'pc-0', '--rate', '5'], '--rate is for groups'],
    [['push', 'sync', 'pc-0', '--ttl', '5'], '250ms, 30s, 10m, 12h, 7d'],
    [['push', 'sync', '--group', 'Nowhere'], 'Nowhere'],
    [['push', 'sync', '--group', testGroup, '--label', 'os=none'], 'nothing to push to'],
    [['push', 'custom', 'pc-0', 'echo', '--payload-file', '/nowhere'], '--payload-file: there is no file /nowhere'],
    [['push', 'custom', 'pc-0', 'echo', '--payload-file', '/dev/zero'], '/dev/zero is larger than 1048576 bytes'],
    [['commands', 'get', 'pc-0', 'nothing'], 'nothing'],
    [['group-pushes', 'get', 'nothing'], 'nothing'],
  ])('%j is refused, and says why', async (args, message) => {
    expect(await pushfleet(...args)).toMatchObject({ status: 1, output: '', errors: expect.stringContaining(message) });
  });
});
