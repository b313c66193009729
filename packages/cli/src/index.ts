import { balancerSettings } from '@pushfleet/balancer/settings';
import { pushServerSettings } from '@pushfleet/push-server/settings';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, type Setting } from '@pushfleet/runtime';
import { connectionSettings } from './connection/open-client.ts';
import { devSettings } from './dev/plan.ts';

export { type Bundle, type Enrollment, enrollPushServer } from './state/enrollment.ts';
export { createStateDirectory, type StateDirectory, type StateDirectoryOptions } from './state/state-directory.ts';

/** Every setting of every process, each once. docs/configuration.md lists them. */
export const allSettings: readonly Setting<unknown>[] = [
  ...new Set<Setting<unknown>>(
    [processSettings, registrySettings, balancerSettings, pushServerSettings, connectionSettings, devSettings].flatMap(
      (settings) => Object.values(settings),
    ),
  ),
];
