import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { RunningTool } from './cluster/tools.ts';

const script = join(import.meta.dirname, '../examples/device-typescript/device.ts');
const ttlMs = 600_000;

describe('a device that remembers its commands in a file', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it.each(['grpc', 'mqtt', 'mqtt3'])(
    'over %s: answers for a task that ran when its process was killed, and does not run it again',
    async (link) => {
      const id = `killed-${link}`;
      await cluster.devices.register(id);
      const [secretFile, store] = ['secret', 'commands'].map((name) => join(cluster.stateDir, `${id}.${name}`));
      writeFileSync(secretFile as string, testSecret);
      const boot = () =>
        new RunningTool(process.execPath, [
          ...[script, '--id', id, '--secret-file', secretFile as string, '--ca', join(cluster.stateDir, 'ca.crt')],
          ...['--balancer', cluster.assignUrls[0] as string, '--link', link, '--store', store as string],
        ]);
      const watch = (commandId: string) => cluster.admin.commands.watch({ deviceId: id, commandId });

      const operation = { runTask: { taskId: 'long', parameters: { steps: '300' } } };
      await using first = boot();
      const { commandId } = await cluster.admin.commands.push({
        deviceId: id,
        operation,
        ttlMs,
        wait: 'WAIT_ACCEPTED',
      });
      for await (const { status } of watch(commandId)) if (status?.outcome === 'OUTCOME_RUNNING') break;
      await first.end('SIGKILL');
      await eventually('its link is gone', async () => (await cluster.admin.devices.get(id)).session === null);

      await using second = boot();
      let last: string | undefined;
      for await (const { status } of watch(commandId)) last = `${status?.outcome}: ${status?.reason}`;
      expect(last).toBe('OUTCOME_FAILED: the device restarted while the command ran');
      const { status } = await cluster.admin.commands.push({
        deviceId: id,
        operation: { stopTask: { taskId: 'long' } },
      });
      expect(status).toMatchObject({ outcome: 'OUTCOME_REJECTED', reason: 'no such task' });
      expect(second.hasEnded).toBe(false);
    },
  );
});
