import { processSettings, settingKinds } from '@pushfleet/runtime';

/** No URL: `https://` and what else may stand around it mean nothing here. */
const balancer = String.raw`(?:\[[^\]\s,/]+\]|[^\s,:/@[\]]+):\d{1,5}`;

/** How the commands that administer a cluster reach it. */
export const connectionSettings = {
  stateDir: processSettings.stateDir,
  adminTokenFile: processSettings.adminTokenFile,
  caFile: processSettings.caFile,
  adminAddress: {
    name: 'PUSHFLEET_ADMIN_ADDRESS',
    description:
      'The admin API of a balancer, as `host:port`, or of several, with commas, for the commands that administer a cluster.',
    schema: settingKinds
      .text('host:port, or several with commas', new RegExp(`^${balancer}(?: *, *${balancer})*$`))
      .transform((text) => text.split(/ *, */)),
    fallback: '127.0.0.1:13299',
  },
} as const;
