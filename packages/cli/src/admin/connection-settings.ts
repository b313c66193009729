import { processSettings, settingKinds } from '@pushfleet/runtime';

/** How the commands that administer a cluster reach it. */
export const connectionSettings = {
  stateDir: processSettings.stateDir,
  adminTokenFile: processSettings.adminTokenFile,
  caFile: processSettings.caFile,
  adminAddress: {
    name: 'PUSHFLEET_ADMIN_ADDRESS',
    description:
      'The admin API of a balancer, as `host:port`, or of several, with commas, for the commands that administer a cluster.',
    schema: settingKinds.text('host:port, or several with commas', /^[^\s,]+:\d{1,5}(,[^\s,]+:\d{1,5})*$/),
    fallback: '127.0.0.1:13299',
  },
} as const;
