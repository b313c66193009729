import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import { isInstalled, python, runTool, type ToolResult } from './cluster/tools.ts';

const hasGrpcio = isInstalled(python, ['-c', 'import grpc, grpc_tools']);
if (!hasGrpcio) console.warn('SKIPPED: grpcio and grpcio-tools are needed to play an Administration Server in Python');

const examples = join(import.meta.dirname, '../examples');

describe('the Administration Servers among the examples', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2 });
    await cluster.devices.connect(3, 'pc');
    for (const { device } of cluster.devices.all) {
      device.handle('runTask', async ({ taskId, parameters }, { progress }) => {
        progress({ percent: 50, message: 'half of it' });
        return { output: `${taskId} ${parameters.depth ?? ''}`.trim() };
      });
    }
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  function run(program: string, script: string, ...args: string[]): Promise<ToolResult> {
    const address = `127.0.0.1:${cluster.balancerPorts[0]?.admin}`;
    const connection = ['--address', address, '--ca', join(cluster.stateDir, 'ca.crt')];
    const token = ['--token-file', join(cluster.stateDir, 'admin-token')];
    return runTool(program, [join(examples, script), ...connection, ...token, ...args]);
  }

  it.runIf(hasGrpcio)('Python, from the proto files alone: forces a sync and runs a task', async () => {
    const args = ['--task', 'inventory', '--parameter', 'depth=full', 'pc-0', 'pc-1', 'pc-2'];
    const ran = await run(python, 'admin-python/administration_server.py', ...args);
    expect(ran.status, ran.errors).toBe(0);
    const lines = ran.output.trim().split('\n');
    expect(lines.slice(0, 3).toSorted()).toEqual([0, 1, 2].map((each) => `pc-${each} force_sync OUTCOME_SUCCEEDED`));
    expect(lines.slice(3)).toEqual(
      [0, 1, 2].map((each) => `pc-${each} run_task inventory OUTCOME_SUCCEEDED inventory full`),
    );
    const done = cluster.devices.all.map(({ seen }) => seen.map(({ kind }) => kind));
    expect(done).toEqual(Array(3).fill(['forceSync']));
  });

  it.runIf(hasGrpcio)('Python: says with its exit status that a device is not there', async () => {
    const ran = await run(python, 'admin-python/administration_server.py', '--task', 'inventory', 'pc-gone');
    expect(ran.output).toContain('pc-gone force_sync DEVICE_NOT_FOUND');
    expect(ran.errors).toContain('NOT_FOUND');
    expect(ran.status).not.toBe(0);
  });

  it.runIf(hasGrpcio)('Python: to a whole group', async () => {
    const ran = await run(python, 'admin-python/administration_server.py', '--group', testGroup, '--task', 'inventory');
    expect(ran.status, ran.errors).toBe(0);
    expect(ran.output.match(/OUTCOME_SUCCEEDED/g)).toHaveLength(6);
  });

  it('TypeScript: syncs a group, runs a task with progress, reads statistics', async () => {
    const args = ['--group', testGroup, '--device', 'pc-1', '--task', 'inventory'];
    const ran = await run(process.execPath, 'admin-typescript/administration-server.ts', ...args);
    expect(ran.status, ran.errors).toBe(0);
    expect(ran.output).toContain('sync of Test: 3 devices, 3 SUCCEEDED');
    expect(ran.output).toContain('its output is inventory full');
    expect(ran.output).toContain('statistics of pc-1: OUTCOME_SUCCEEDED');
  });
});
