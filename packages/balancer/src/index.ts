export { type Balancer, type BalancerOptions, type BalancerPorts, createBalancer } from './balancer.ts';
export { runBalancer } from './run-balancer.ts';
export { balancerSettings, readBalancerSettings } from './settings.ts';
