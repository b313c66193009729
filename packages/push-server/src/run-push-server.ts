import { openRegistry } from '@pushfleet/registry';
import { createLogger, type Environment, runService, systemClock } from '@pushfleet/runtime';
import { readPushServerSettings } from './settings.ts';
import { Supervisor } from './supervisor/supervisor.ts';

/**
 * Runs the push server of the distribution point that the environment names, until `stop` fires; then its devices are
 * told to go elsewhere.
 */
export async function runPushServer(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = readPushServerSettings(environment);
  const logger = createLogger(settings.distributionPoint, settings.logLevel);
  await using registry = await openRegistry(settings);
  const create = async () => new Supervisor({ settings, environment, registry, clock: systemClock, logger });
  await runService(create, stop, settings.drainMs);
}
