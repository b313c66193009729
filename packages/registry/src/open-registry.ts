import { join } from 'node:path';
import type { processSettings, SettingValues } from '@pushfleet/runtime';
import type { Registry } from './registry.ts';
import type { registrySettings } from './registry-settings.ts';

export type RegistryValues = Pick<
  SettingValues<typeof processSettings & typeof registrySettings>,
  'stateDir' | 'redisUrl' | 'redisKeyPrefix' | 'suspectAfterMs' | 'deadAfterMs'
>;

/** Processes of a cluster start at the same time as Redis does. */
const connectWithinMs = 10_000;

/**
 * Opens the registry that the settings name. An adapter is loaded only where it is used.
 * @throws PushfleetError REGISTRY_UNAVAILABLE, after ten seconds at most
 */
export async function openRegistry(values: RegistryValues): Promise<Registry> {
  const { stateDir, redisUrl: url, redisKeyPrefix: keyPrefix, suspectAfterMs, deadAfterMs } = values;
  const limits = { suspectAfterMs, deadAfterMs };
  if (url !== undefined) {
    const { openRedisRegistry } = await import('./redis/registry.ts');
    return openRedisRegistry({ url, keyPrefix, limits, connectWithinMs });
  }
  const { openEmbeddedRegistry } = await import('./embedded/registry.ts');
  return openEmbeddedRegistry(join(stateDir, 'registry.sqlite'), limits);
}
