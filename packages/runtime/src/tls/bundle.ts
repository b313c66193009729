import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSettings } from '../process-settings.ts';

/** The directory with a push server's own keys and certificates, below the state directory of the machine that made them. */
export function bundleDirectory(stateDir: string, distributionPoint: string): string {
  return join(stateDir, 'push-servers', distributionPoint);
}

/**
 * The settings by which a push server finds its credentials: in its bundle below the state directory, where that is shared with
 * others; else the state directory is the bundle.
 */
export function bundleSettings<Settings extends ProcessSettings>(
  settings: Settings,
  distributionPoint: string,
): Settings {
  const stateDir = bundleDirectory(settings.stateDir, distributionPoint);
  return existsSync(stateDir) ? { ...settings, stateDir } : settings;
}
