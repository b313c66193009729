import { join, relative } from 'node:path';
import { describeRedisUrl } from '@pushfleet/registry';
import { signInLink } from '../console/sign-in-link.ts';
import type { Paint } from '../output/print.ts';
import { stateFiles } from '../state/state-files.ts';
import { type DevSettings, demoDevices, demoGroup, demoNodes, devHost, devSettings, workbenchDevice } from './plan.ts';

/** The addresses and files of a cluster that has just come up, and what to try next. */
export function renderBanner(
  settings: DevSettings,
  { stateDir, signInCode }: { stateDir: string; signInCode: string },
  paint: Paint,
): string {
  const file = (name: string) => shortPath(join(stateDir, name));
  const origin = `http://${devHost}:${settings.restPort}`;
  const facts: [string, string][] = [
    ['Console', signInLink(origin, signInCode)],
    ['', 'signs you in, once, for 5 minutes; `pushfleet console` makes another link'],
    ['REST, health', `${origin}   (/docs, /healthz, /readyz)`],
    ['Admin API', `${devHost}:${settings.adminPort}   (gRPC over TLS, with the token)`],
    ['Assignment', `https://${devHost}:${settings.assignPort}   (where devices ask which push server is theirs)`],
    ['Push servers', demoNodes.map((id, index) => `${id} ${devHost}:${settings.devicePort + index}`).join(', ')],
    ['Admin token', file(stateFiles.adminToken)],
    ['CA', file(`${stateFiles.ca}.crt`)],
    ['Device secrets', file('devices')],
    ['Logs', file('logs')],
    ['Registry', describeRegistry(settings.redisUrl, file('registry.sqlite'))],
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  return [
    paint(
      'bold',
      paint('green', `\npushfleet is ready: ${demoDevices.length} devices of group ${demoGroup} are connected.`),
    ),
    '',
    ...facts.map(([label, value]) => `  ${paint('dim', label.padEnd(width))}  ${value}`),
    '',
    'Try next, in a second terminal in this directory:',
    '',
    ...['nodes', `push sync --group ${demoGroup}`, `devices --group ${demoGroup}`].map(
      (command) => `  ${paint('cyan', `${connectionPrefix(settings)}npx pushfleet ${command}`)}`,
    ),
    '',
    `docs/device-links.md shows how to play the device ${workbenchDevice} by hand.`,
    '',
  ].join('\n');
}

/** Variables that a command in a second terminal needs, where settings are not the default ones. */
function connectionPrefix(settings: DevSettings): string {
  const unlessDefault = (key: 'stateDir' | 'adminPort', assignment: string) =>
    String(settings[key]) === devSettings[key].fallback ? '' : `${assignment} `;
  return [
    unlessDefault('stateDir', `PUSHFLEET_STATE_DIR=${settings.stateDir}`),
    unlessDefault('adminPort', `PUSHFLEET_ADMIN_ADDRESS=${devHost}:${settings.adminPort}`),
  ].join('');
}

/** Relative to the working directory where the path lies in it. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function describeRegistry(redisUrl: string | undefined, file: string): string {
  // User and password are on nobody's screen.
  return redisUrl === undefined ? `embedded, ${file}` : `Redis, ${describeRedisUrl(redisUrl)}`;
}
