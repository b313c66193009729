/** Sources that stand for the real world, and are replaced at a port: no simulation can execute them. */
export interface Replaced {
  /** Globs, relative to the folder of the packages. */
  sources: readonly string[];
  /** The part of the real world that they deal with, and its substitute. */
  reason: string;
}

export const replaced: readonly Replaced[] = [
  {
    sources: [
      'balancer/src/run-balancer.ts',
      'push-server/src/run-push-server.ts',
      'push-server/src/worker/{main,run-worker}.ts',
    ],
    reason: 'a process is put together from its environment, files and signals: actors/ does so from settings',
  },
  {
    sources: ['push-server/src/worker/handed-credentials.ts', 'balancer/src/assignment/identity/issuers-file.ts'],
    reason: 'keys and certificates are read from files: the world has constant ones',
  },
  {
    sources: [
      'balancer/src/admin/{admin-ports,server,health,reflection}.ts',
      'balancer/src/assignment/{server,http}.ts',
    ],
    reason: 'listeners with TLS, grpc-js and HTTP: BalancerNetwork, which serves the same handlers',
  },
  {
    sources: ['balancer/src/rest/**/*.ts', 'balancer/src/access/{console-sessions,sign-in-lock}.ts'],
    reason: 'HTTP: the routes lead to the handlers of the gRPC API, which the world calls',
  },
  {
    sources: ['balancer/src/net/{http-host,connection-deadlines,connection-refusals,listen,rest-limits}.ts'],
    reason: 'sockets and HTTP servers: network/',
  },
  {
    sources: ['balancer/src/reachability/{address-probe,identify}.ts'],
    reason: 'a TLS connection to a push server is tried: BalancerNetwork.probe',
  },
  {
    sources: ['push-server/src/worker/device-listener.ts'],
    reason: 'one TLS port for both kinds of links: CreateDevicePort',
  },
  {
    sources: [
      'device-sdk/src/{tls,tls-sessions,index}.ts',
      'device-sdk/src/https/*.ts',
      'device-sdk/src/grpc/channel.ts',
      'device-sdk/src/connect/create-network.ts',
    ],
    reason: 'TLS, HTTPS, sockets and channels of grpc-js: DeviceNetwork',
  },
  {
    sources: ['balancer/src/assignment/identity/{client-certificate,device-trust,revocation-file}.ts'],
    reason: 'client certificates, which TLS shows, and files of the CAs that are trusted: devices here have secrets',
  },
  {
    sources: ['device-sdk/src/commands/file/*.ts', 'device-sdk/src/enrollment/secret-store.ts'],
    reason: 'stores in files: CommandStore and SecretStore on virtual disks',
  },
  {
    sources: ['registry/src/embedded/{busy-queue,prepare-schema}.ts'],
    reason: 'a file that other processes hold, or that has an older schema: Database.inMemory',
  },
];
