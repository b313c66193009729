export { describeFault, type Fault, type Scenario, scenarios } from './faults/fault.ts';
export { shrink } from './run/shrink.ts';
export { type Outcome, type Plan, simulate } from './run/simulate.ts';
export { formatEvent } from './world/trace.ts';
export type { Finding } from './world/world.ts';
