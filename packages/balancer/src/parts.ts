// What a balancer is made of, for those who run it in another world than processes and sockets.
export type { AdminApi, AdminPortsOptions } from './admin/admin-ports.ts';
export { type AssignmentPort, type AssignmentServerOptions, assignmentHandlers } from './assignment/server.ts';
export { type Balancer, type BalancerNetwork, type BalancerOptions, createBalancer } from './balancer.ts';
export { readBalancerSettings } from './settings.ts';
