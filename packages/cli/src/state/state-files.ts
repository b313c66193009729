/** Names of the files of a state directory; docs/operations.md describes each. */
export const stateFiles = {
  ca: 'ca',
  pushServerCa: 'push-server-ca',
  server: 'server',
  clusterCa: 'cluster-ca',
  cluster: 'cluster',
  adminToken: 'admin-token',
  redisPassword: 'redis-password',
  tlsTicketSecret: 'tls-ticket-secret',
  pushServerTicketSecret: 'push-server-ticket-secret',
} as const;
