import { join } from 'node:path';
import { PushfleetError } from '@pushfleet/protocol';
import type { processSettings, SettingValues } from '@pushfleet/runtime';
import type { Registry } from './registry.ts';
import type { registrySettings } from './registry-settings.ts';

export type RegistryValues = Pick<
  SettingValues<typeof processSettings & typeof registrySettings>,
  'stateDir' | 'redisUrl' | 'redisKeyPrefix' | 'suspectAfterMs' | 'deadAfterMs'
>;

/**
 * Opens the registry that the settings name. An adapter is loaded only where it is used.
 * @throws PushfleetError REGISTRY_UNAVAILABLE, after ten seconds at most
 */
export async function openRegistry(values: RegistryValues): Promise<Registry> {
  const { stateDir, redisUrl } = values;
  if (redisUrl !== undefined) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'no adapter for Redis is built in');
  const { openEmbeddedRegistry } = await import('./embedded/registry.ts');
  return openEmbeddedRegistry(join(stateDir, 'registry.sqlite'), values);
}
