import { parseNodeId } from '@pushfleet/protocol';
import { openRegistry, reportCredentials, watchRedisCredentials } from '@pushfleet/registry';
import {
  AttendedClock,
  bundleSettings,
  CredentialFiles,
  createLogger,
  type Environment,
  isTracingOn,
  LoopMonitor,
  memberSerialOf,
  meterProcess,
  meterStalls,
  openUnlessStopped,
  readProcessCredentials,
  runService,
  systemClock,
} from '@pushfleet/runtime';
import { readPushServerSettings } from './settings.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { forkWorkers } from './supervisor/worker-process.ts';
import { encodeCredentials } from './worker/handed-credentials.ts';

/**
 * Runs the push server of the distribution point that the environment names, until `stop` fires; then its devices are
 * redirected.
 * @param onHangUp Is given what reads the credentials' files anew.
 * @throws PushfleetError INVALID_ARGUMENT that names the wrong variable or file
 */
export async function runPushServer(
  environment: Environment,
  stop: AbortSignal,
  onHangUp?: (reload: () => void) => void,
): Promise<void> {
  const settings = readPushServerSettings(environment);
  isTracingOn(environment);
  let supervisor: Supervisor | undefined;
  using files = new CredentialFiles();
  const address = () => supervisor?.address;
  const { distributionPoint: name } = settings;
  const member = { role: 'push-server', name } as const;
  const own = bundleSettings(settings, name);
  const credentials = readProcessCredentials(files, own, { member, wallMs: () => systemClock.wallMs(), address });
  const redis = watchRedisCredentials(files, settings);
  const logger = createLogger(settings.distributionPoint, settings.logLevel);
  using attended = new AttendedClock({ clock: systemClock, onStall: meterStalls(logger) });
  using load = new LoopMonitor({ clock: systemClock });
  using _metered = meterProcess(load);
  const opening = openRegistry(settings, attended, { migrates: false, redisCredentials: redis });
  await using registry = await openUnlessStopped(opening, stop);
  if (!registry) return;
  const launch = forkWorkers(environment, encodeCredentials({ ...credentials, redis }));
  const { authorities } = credentials;
  const memberSerial = () => memberSerialOf(credentials.cluster);
  const clock = systemClock;
  const create = async () => {
    supervisor = new Supervisor({ settings, authorities, memberSerial, launch, registry, clock, attended, logger });
    return supervisor;
  };
  const node = parseNodeId(settings.distributionPoint);
  const process = () => `push server ${node}`;
  files.watch({
    clock,
    logger,
    report: reportCredentials({ events: registry.events, clock, logger, process, node }),
  });
  onHangUp?.(() => void files.reload());
  await runService(create, stop, settings.drainMs);
}
