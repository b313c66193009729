import { isDeepStrictEqual } from 'node:util';
import { openRegistry, reportCredentials, watchRedisCredentials } from '@pushfleet/registry';
import {
  AttendedClock,
  CredentialFiles,
  createLogger,
  credentialPaths,
  type Environment,
  type Live,
  memberSerialOf,
  meterStalls,
  openUnlessStopped,
  readProcessCredentials,
  runService,
  startTracing,
  systemClock,
} from '@pushfleet/runtime';
import { readAdminToken } from './admin/server.ts';
import {
  type DeviceTrust,
  isSameTrust,
  readDeviceTrust,
  toDeviceNameRule,
} from './assignment/identity/device-trust.ts';
import { type DeviceIssuer, filesOfIssuers, readIssuers } from './assignment/identity/issuers-file.ts';
import { type Balancer, createBalancer } from './balancer.ts';
import { readBalancerSettings } from './settings.ts';

/**
 * Runs a balancer as the environment says, until `stop` fires.
 * @param onHangUp Is given what reads the credentials' files anew.
 * @throws PushfleetError for what is set wrong
 */
export async function runBalancer(
  environment: Environment,
  stop: AbortSignal,
  onHangUp?: (reload: () => void) => void,
): Promise<void> {
  const values = readBalancerSettings(environment);
  using files = new CredentialFiles();
  const { server: tls, ...credentials } = readProcessCredentials(files, values, {
    member: { role: 'balancer' },
    wallMs: () => systemClock.wallMs(),
  });
  const [tokenFile] = credentialPaths(values)['admin-token'];
  const adminToken = files.add({
    ...{ name: 'admin-token', files: [tokenFile] },
    load: () => readAdminToken(tokenFile),
    isSame: (one, other) => one === other,
  });
  const issuersFile = values.deviceIssuersFile;
  const deviceIssuers =
    issuersFile === undefined
      ? undefined
      : files.add<readonly DeviceIssuer[]>({
          name: 'device-issuers',
          // It may name another file with keys by now.
          get files() {
            return filesOfIssuers(issuersFile);
          },
          load: () => readIssuers(issuersFile),
          isSame: isDeepStrictEqual,
        });
  const deviceTrust = addDeviceTrust(files, values);
  const redisCredentials = watchRedisCredentials(files, values);
  const logger = createLogger('balancer', values.logLevel);
  await using _traced = await startTracing(environment, { service: 'pushfleet-balancer', logger });
  using attended = new AttendedClock({ clock: systemClock, onStall: meterStalls(logger) });
  await using registry = await openUnlessStopped(openRegistry(values, attended, { redisCredentials }), stop);
  if (!registry) return;
  const memberSerial = () => memberSerialOf(credentials.cluster);
  let balancer: Balancer | undefined;
  const create = async () => {
    balancer = createBalancer({
      ...values,
      ...credentials,
      ...{ deviceIssuers, deviceTrust, memberSerial },
      tls,
      adminToken,
      registry,
      attended,
      logger,
    });
    return balancer;
  };
  const [clock, process] = [systemClock, () => `balancer ${balancer?.id ?? ''}`];
  files.watch({ clock, logger, report: reportCredentials({ events: registry.events, clock, logger, process }) });
  onHangUp?.(() => void files.reload());
  await runService(create, stop, values.drainMs);
}

/** The CAs of devices' certificates; `undefined`: there are none. */
function addDeviceTrust(
  files: CredentialFiles,
  values: ReturnType<typeof readBalancerSettings>,
): Live<DeviceTrust> | undefined {
  const { deviceClientCaFile: caFile, deviceClientCrlFile: crlFile, deviceClientName } = values;
  if (caFile === undefined) return undefined;
  return files.add<DeviceTrust>({
    ...{ name: 'device-cas', files: [caFile, ...(crlFile === undefined ? [] : [crlFile])] },
    load: () => readDeviceTrust({ caFile, crlFile, rule: toDeviceNameRule(deviceClientName) }),
    isSame: isSameTrust,
    nextListMs: ({ nextListMs }) => nextListMs,
    endsAtMs: ({ authorities }) => Math.min(...authorities.map(({ validTo }) => Date.parse(validTo))),
  });
}
