import { metrics } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { Metrics } from './cluster/metrics.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { alertsFile, dashboardFile, metricsAskedBy } from './observability-files.ts';

const forceSync = { forceSync: {} };

it('a balancer and a push server tell Prometheus what they did, the workers of the latter together', async () => {
  const [port] = await findFreePorts(1);
  await using cluster = await TestCluster.create({
    environment: { PUSHFLEET_MAX_WORKERS: '2', PUSHFLEET_METRICS_PORT: `${port}` },
  });
  const devices = await cluster.devices.connect(9);
  for (const { id } of devices) await cluster.admin.commands.push({ deviceId: id, operation: forceSync });
  // What a balancer knows of the cluster it learns as time passes.
  const balancer = await eventually('the balancer leads, and has tried the push server', async () => {
    const read = await Metrics.read(cluster.balancerPorts[0]?.rest as number);
    return read.value('pushfleet_leader') === 1 && read.value('pushfleet_push_servers{status="ready"}') === 1 && read;
  });

  expect(balancer.names).toEqual(namesOf('balancer'));
  expect(balancer.value('pushfleet_commands_ended_total{outcome="OUTCOME_SUCCEEDED"}')).toBe(9);
  expect(balancer.value('pushfleet_command_delivered_seconds_count')).toBe(9);
  // A device whose question is answered too late for it asks again.
  expect(balancer.value('pushfleet_assignments_total{result="ASSIGNED"}')).toBeGreaterThanOrEqual(9);
  expect(balancer.value('pushfleet_push_server_spread_ratio')).toBe(1);
  expect(balancer.value('pushfleet_registry_call_seconds_count{port="assignments"}')).toBeGreaterThanOrEqual(9);
  expect(balancer.value('pushfleet_certificate_expiry_timestamp_seconds{certificate="server"}')).toBeGreaterThan(
    Date.now() / 1_000,
  );

  const pushServer = await eventually('the workers have reported', async () => {
    const read = await Metrics.read(port as number);
    return read.value('pushfleet_command_reports_total{report="result"}') === 9 && read;
  });
  expect(pushServer.names).toEqual(namesOf('supervisor', 'worker'));
  const running = new Set([...balancer.names, ...pushServer.names]);
  for (const file of [alertsFile, dashboardFile]) {
    const asked = metricsAskedBy(file, running);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !running.has(name))).toEqual([]);
  }
  expect(['grpc', 'mqtt'].reduce((sum, link) => sum + pushServer.value(`pushfleet_links{link="${link}"}`), 0)).toBe(9);
  expect(pushServer.value('pushfleet_handshakes_completed_total')).toBeGreaterThanOrEqual(9);
  expect(pushServer.value('pushfleet_arrival_stage_seconds_count{stage="waiting"}')).toBeGreaterThanOrEqual(9);
  expect(pushServer.value('pushfleet_arrival_stage_seconds_count{stage="handshake"}')).toBeGreaterThanOrEqual(9);
  expect(pushServer.value('pushfleet_command_stage_seconds_count{stage="result"}')).toBe(9);
  expect(pushServer.value('pushfleet_process_resident_memory_bytes{process="w1"}')).toBeGreaterThan(1e7);

  const ttlMs = 60_000;
  for (const { id } of devices) {
    await cluster.admin.commands.push({ deviceId: id, operation: forceSync, ttlMs });
  }
  await eventually('the ends of durable commands are counted', async () => {
    const read = await Metrics.read(port as number);
    return read.value('pushfleet_durable_statuses_total{outcome="OUTCOME_SUCCEEDED"}') === 9;
  });

  const [victim] = (await cluster.nodes())[0]?.workers ?? [];
  process.kill(victim?.pid as number, 'SIGKILL');
  await eventually('what it had counted stays, and its links are counted once', async () => {
    const read = await Metrics.read(port as number);
    const links = read.value('pushfleet_links{link="grpc"}') + read.value('pushfleet_links{link="mqtt"}');
    // Devices repeat results of which they do not know that they arrived.
    const reports = read.value('pushfleet_command_reports_total{report="result"}');
    return links === 9 && reports >= 9 && read.value('pushfleet_workers_ended_total') === 1;
  });
});

function namesOf(...kinds: readonly ('balancer' | 'supervisor' | 'worker')[]): string[] {
  return Object.values(metrics).flatMap(({ name, of }) => (kinds.some((kind) => of.includes(kind)) ? name : []));
}
