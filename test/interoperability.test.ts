import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { admin, common } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssignmentAnswer } from './cluster/ask-assignment.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { isInstalled, python, RunningTool, runTool } from './cluster/tools.ts';

const hasMosquitto = isInstalled('mosquitto_sub', ['--help']) && isInstalled('curl', ['--version']);
const hasGrpcio = isInstalled(python, ['-c', 'import grpc, grpc_tools']);
const hasPaho = isInstalled(python, ['-c', 'import paho.mqtt.client']);
if (!hasMosquitto) console.warn('SKIPPED: mosquitto-clients and curl are needed to play a device with them');
if (!hasPaho) console.warn('SKIPPED: paho-mqtt is needed to play a device in Python');
if (!hasGrpcio) console.warn('SKIPPED: grpcio and grpcio-tools are needed to play an Administration Server in Python');

describe('clients that others wrote', () => {
  let cluster: TestCluster;
  let ca: string;

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2 });
    ca = join(cluster.stateDir, 'ca.crt');
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  /** Runs an example of a device until it is connected. */
  async function startExample(id: string, program: string, args: (secretFile: string) => string[]) {
    await cluster.devices.register(id);
    const secretFile = join(cluster.stateDir, `${id}.secret`);
    writeFileSync(secretFile, testSecret);
    const device = new RunningTool(program, args(secretFile));
    await eventually(`${id} is connected`, async () => {
      if (device.hasEnded) throw new Error(device.output);
      return (await cluster.admin.devices.get(id)).session !== null;
    });
    return device;
  }

  const push = async (deviceId: string, operation: common.OperationInit, more: admin.PushRequestInit = {}) => {
    const { commandId, status } = await cluster.admin.commands.push({ deviceId, operation, ...more });
    return { commandId, outcome: status?.outcome, output: String(status?.output ?? ''), status };
  };
  const runTask = (taskId: string, steps: number) => ({ runTask: { taskId, parameters: { steps: String(steps) } } });

  /** Pushes a task that takes a minute, and resolves once it says how far it has come. */
  async function pushLongTask(deviceId: string, more: admin.PushRequestInit = {}) {
    const { commandId } = await push(deviceId, runTask('long', 300), { wait: 'WAIT_ACCEPTED', ...more });
    for await (const { status } of cluster.admin.commands.watch({ deviceId, commandId })) {
      if ((status?.progress?.message ?? '') !== '') break;
    }
    return commandId;
  }

  async function lastOutcome(deviceId: string, commandId: string) {
    let last: common.CommandStatus | undefined;
    for await (const { status } of cluster.admin.commands.watch({ deviceId, commandId })) last = status ?? last;
    return last?.outcome;
  }

  /** Checks what all examples of devices that run tasks do alike. */
  async function runsTasks(id: string) {
    for (const ttlMs of [0, 60_000]) {
      const done = await push(id, runTask('short', 2), { ttlMs });
      expect([done.outcome, done.output]).toEqual(['OUTCOME_SUCCEEDED', 'short is done']);
      const stopped = await pushLongTask(id, { ttlMs });
      expect((await push(id, { stopTask: { taskId: 'long' } }, { ttlMs })).status).toMatchObject({
        outcome: 'OUTCOME_SUCCEEDED',
        alreadyEnded: false,
      });
      expect(await lastOutcome(id, stopped)).toBe('OUTCOME_CANCELLED');
      expect((await push(id, { stopTask: { taskId: 'long' } }, { ttlMs })).status?.alreadyEnded).toBe(true);
      const cancelled = await pushLongTask(id, { ttlMs });
      await cluster.admin.commands.cancel({ deviceId: id, commandId: cancelled, reason: 'enough' });
      expect(await lastOutcome(id, cancelled)).toBe('OUTCOME_CANCELLED');
    }
    expect((await push(id, { stopTask: { taskId: 'unknown' } })).outcome).toBe('OUTCOME_REJECTED');
  }

  const examples = join(import.meta.dirname, '../examples');

  it.runIf(hasPaho)('the Python device synchronizes, and runs, stops and gives up tasks', async () => {
    const script = join(examples, 'device-mqtt-python/device.py');
    const url = cluster.assignUrls[0] as string;
    await using device = await startExample('paho', python, (secret) => {
      return [script, '--id', 'paho', '--secret-file', secret, '--balancer', url, '--ca', ca];
    });
    const synchronized = await push('paho', { forceSync: { reason: 'from a test' } });
    expect([synchronized.outcome, synchronized.output]).toEqual(['OUTCOME_SUCCEEDED', 'synchronized']);
    expect(device.output).toContain('synchronizes: from a test');
    await runsTasks('paho');
    const undeclared = await push('paho', { custom: { name: 'echo', payload: Buffer.alloc(0) } });
    expect(undeclared.status).toMatchObject({
      outcome: 'OUTCOME_REJECTED',
      reason: expect.stringMatching(/^unsupported/),
    });
  });

  it.runIf(hasMosquitto)('the device made of curl and mosquitto synchronizes', async () => {
    const script = join(examples, 'device-mosquitto/device.sh');
    const url = cluster.assignUrls[0] as string;
    await using device = await startExample('shell', script, (secret) => ['shell', secret, url, ca]);
    for (const ttlMs of [0, 60_000]) {
      expect((await push('shell', { forceSync: { reason: 'a test' } }, { ttlMs })).outcome).toBe('OUTCOME_SUCCEEDED');
    }
    expect(device.output.match(/synchronizes: /g)).toHaveLength(2);
    expect((await push('shell', { stopTask: { taskId: 'none' } })).outcome).toBe('OUTCOME_REJECTED');
  });

  it.each(['grpc', 'mqtt', 'mqtt3'])('the TypeScript device does everything over %s', async (link) => {
    const id = `typescript-${link}`;
    const script = join(examples, 'device-typescript/device.ts');
    await using device = await startExample(id, process.execPath, (secret) => [
      ...[script, '--id', id, '--secret-file', secret, '--balancer', cluster.assignUrls[0] as string, '--ca', ca],
      ...['--link', link, '--store', join(cluster.stateDir, `${id}.commands`)],
    ]);
    expect((await push(id, { forceSync: { reason: 'a test' } })).output).toBe('synchronization 1');
    expect(device.output).toContain('synchronizes: a test');
    await runsTasks(id);
    const statistics = { getStatistics: { applicationId: 'agent', counters: ['synchronizations'] } };
    expect((await push(id, statistics)).status?.statistics?.counters).toEqual({ synchronizations: 1 });
    const echo = { custom: { name: 'echo', payload: Buffer.from('word') } };
    expect((await push(id, echo)).output).toBe('word');
  });

  it.runIf(hasMosquitto).each([
    ['5', 'mqttv5'],
    ['3.1.1', 'mqttv311'],
  ])(
    'curl gets a ticket, mosquitto_sub over MQTT %s gets a forced sync, mosquitto_pub sends its result',
    async (_, protocol) => {
      const id = `hand-${protocol}`;
      const topics = `pushfleet/devices/${id}`;
      await cluster.devices.register(id);
      const body = JSON.stringify({ deviceId: id, secret: testSecret });
      const url = `${cluster.assignUrls[0]}/v1/assignment`;
      const asked = await runTool('curl', ['-sS', '--fail', '--cacert', ca, url, '--json', body]);
      expect(asked.errors).toBe('');
      const { primary, ticket } = JSON.parse(asked.output) as AssignmentAnswer;
      const link = [
        '-h',
        primary.address,
        '-p',
        `${primary.port}`,
        '--cafile',
        ca,
        '-V',
        protocol,
        '-u',
        id,
        '-P',
        ticket,
        '-q',
        '1',
      ];

      await using subscriber = new RunningTool('mosquitto_sub', [
        ...link,
        '-t',
        `${topics}/commands/#`,
        '-F',
        'got %t',
        '-d',
      ]);
      await eventually('its link is live', async () => (await cluster.admin.devices.get(id)).session !== null);
      const pushed = cluster.admin.commands.push({ deviceId: id, operation: { forceSync: { reason: 'by hand' } } });
      const [, commandId] = await eventually('the command arrives', () => {
        return /got \S+\/commands\/([^/]+)\/force_sync/.exec(subscriber.output) ?? undefined;
      });
      const result = ['-t', `${topics}/results/${commandId}`, '-m', '{"succeeded":{}}'];
      expect(await runTool('mosquitto_pub', [...link, ...result])).toMatchObject({ status: 0, errors: '' });
      expect((await pushed).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    },
  );

  it.runIf(hasGrpcio)('a Python client made from the proto files alone forces a sync', async () => {
    const [device] = await cluster.devices.connect(1, 'python');
    const script = join(import.meta.dirname, '../examples/admin-python/force_sync.py');
    const address = `127.0.0.1:${cluster.balancerPorts[0]?.admin}`;
    const token = join(cluster.stateDir, 'admin-token');
    const ran = await runTool(python, [script, '--address', address, '--ca', ca, '--token-file', token, 'python-0']);
    expect(ran).toMatchObject({ status: 0, output: 'python-0 OUTCOME_SUCCEEDED\n' });
    expect(device?.seen).toHaveLength(1);
  });
});
