import { openRegistry } from '@pushfleet/registry';
import {
  AttendedClock,
  createLogger,
  type Environment,
  isTracingOn,
  LoopMonitor,
  loadAuthorities,
  loadClusterCredentials,
  loadServerCredentials,
  meterCertificate,
  meterProcess,
  meterStalls,
  openUnlessStopped,
  runService,
  systemClock,
} from '@pushfleet/runtime';
import { readPushServerSettings } from './settings.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { forkWorkers } from './supervisor/worker-process.ts';

/**
 * Runs the push server of the distribution point that the environment names, until `stop` fires; then its devices are
 * redirected.
 * @throws PushfleetError INVALID_ARGUMENT that names the wrong variable or file
 */
export async function runPushServer(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = readPushServerSettings(environment);
  isTracingOn(environment);
  // Its workers read them, too; errors in them are reported here, once and at the start.
  meterCertificate('server', loadServerCredentials(settings).cert);
  meterCertificate('cluster', loadClusterCredentials(settings).cert);
  const authorities = loadAuthorities(settings);
  const logger = createLogger(settings.distributionPoint, settings.logLevel);
  using attended = new AttendedClock({ clock: systemClock, onStall: meterStalls(logger) });
  using load = new LoopMonitor({ clock: systemClock });
  using _metered = meterProcess(load);
  await using registry = await openUnlessStopped(openRegistry(settings, attended), stop);
  if (!registry) return;
  const launch = forkWorkers(environment);
  const create = async () =>
    new Supervisor({ settings, authorities, launch, registry, clock: systemClock, attended, logger });
  await runService(create, stop, settings.drainMs);
}
