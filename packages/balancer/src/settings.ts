import { settingKinds } from '@pushfleet/runtime';

/** What a balancer is told besides `processSettings` and `registrySettings`. */
export const balancerSettings = {
  bind: {
    name: 'PUSHFLEET_BIND',
    description: 'The address to listen on. `0.0.0.0`: all IPv4 addresses, `::`: all addresses.',
    schema: settingKinds.host(),
    fallback: '0.0.0.0',
  },
  assignPort: {
    name: 'PUSHFLEET_ASSIGN_PORT',
    description: 'Port (TLS) where devices ask for an assignment, over gRPC or HTTPS. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13000',
  },
  adminPort: {
    name: 'PUSHFLEET_ADMIN_PORT',
    description: 'Port (TLS) of the admin API, for Administration Servers. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13299',
  },
  restPort: {
    name: 'PUSHFLEET_REST_PORT',
    description: 'Port (plain HTTP) of `/healthz` and `/readyz`. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '8080',
  },
  adminTokenFile: {
    name: 'PUSHFLEET_ADMIN_TOKEN_FILE',
    description:
      'File whose first line is the token that clients of the admin API show, 16 characters or more. Default: `admin-token` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  ticketLifetimeMs: {
    name: 'PUSHFLEET_TICKET_LIFETIME_MS',
    description: 'How long a device can connect with a ticket.',
    schema: settingKinds.durationMs(1_000, 86_400_000),
    fallback: '600000',
  },
  reservationMs: {
    name: 'PUSHFLEET_RESERVATION_MS',
    description: 'How long a place on a push server is kept for a device that was assigned and has not come.',
    schema: settingKinds.durationMs(1_000, 600_000),
    fallback: '30000',
  },
  drainMs: {
    name: 'PUSHFLEET_DRAIN_MS',
    description: 'How long a process that is told to stop may take to finish what it has begun.',
    schema: settingKinds.durationMs(0, 3_600_000),
    fallback: '5000',
  },
  commandsInFlight: {
    name: 'PUSHFLEET_COMMANDS_IN_FLIGHT',
    description: 'How many commands a balancer may have under way at once. Further ones are refused as `OVERLOADED`.',
    schema: settingKinds.count(1, 10_000_000),
    fallback: '100000',
  },
} as const;
