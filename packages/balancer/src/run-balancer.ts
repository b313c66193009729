import { join } from 'node:path';
import { openRegistry } from '@pushfleet/registry';
import {
  AttendedClock,
  createLogger,
  type Environment,
  loadAuthorities,
  loadClusterCredentials,
  loadServerCredentials,
  loadTicketSecret,
  meterCertificate,
  meterStalls,
  openUnlessStopped,
  runService,
  startTracing,
  systemClock,
} from '@pushfleet/runtime';
import { readAdminToken } from './admin/server.ts';
import { createBalancer } from './balancer.ts';
import { readBalancerSettings } from './settings.ts';

/** Runs a balancer as the environment says, until `stop` fires. @throws PushfleetError for what is set wrong. */
export async function runBalancer(environment: Environment, stop: AbortSignal): Promise<void> {
  const values = readBalancerSettings(environment);
  const adminToken = readAdminToken(values.adminTokenFile ?? join(values.stateDir, 'admin-token'));
  const authorities = loadAuthorities(values);
  const cluster = loadClusterCredentials(values);
  const ticketSecret = loadTicketSecret(values, cluster);
  const credentials = { tls: loadServerCredentials(values), cluster, ticketSecret };
  meterCertificate('server', credentials.tls.cert);
  meterCertificate('cluster', cluster.cert);
  const logger = createLogger('balancer', values.logLevel);
  await using _traced = await startTracing(environment, { service: 'pushfleet-balancer', logger });
  using attended = new AttendedClock({ clock: systemClock, onStall: meterStalls(logger) });
  await using registry = await openUnlessStopped(openRegistry(values, attended), stop);
  if (!registry) return;
  const create = async () =>
    createBalancer({ ...values, ...credentials, authorities, adminToken, registry, attended, logger });
  await runService(create, stop, values.drainMs);
}
