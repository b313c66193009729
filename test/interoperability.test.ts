import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssignmentAnswer } from './cluster/ask-assignment.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { isInstalled, python, RunningTool, runTool } from './cluster/tools.ts';

const hasMosquitto = isInstalled('mosquitto_sub', ['--help']) && isInstalled('curl', ['--version']);
const hasGrpcio = isInstalled(python, ['-c', 'import grpc, grpc_tools']);
if (!hasMosquitto) console.warn('SKIPPED: mosquitto-clients and curl are needed to play a device with them');
if (!hasGrpcio) console.warn('SKIPPED: grpcio and grpcio-tools are needed to play an Administration Server in Python');

describe('clients that others wrote', () => {
  let cluster: TestCluster;
  let ca: string;

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2 });
    ca = join(cluster.stateDir, 'ca.crt');
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

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
      await eventually('its link is live', async () => (await cluster.admin.getDevice(id)).session !== null);
      const pushed = cluster.admin.push({ deviceId: id, operation: { forceSync: { reason: 'by hand' } } });
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
