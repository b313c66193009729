export { PushfleetError } from '@pushfleet/protocol';
export { type Clock, monotonicClock } from './clock.ts';
export {
  type CommandContext,
  CommandFailed,
  type CommandHandler,
  type CommandOutput,
  CommandRejected,
  type DeviceCommand,
} from './commands/command.ts';
export type { Backoff } from './connect/backoff.ts';
export type { Cause } from './connect/plan.ts';
export { createDevice, Device } from './device.ts';
export type { DeviceOptions, LinkKind } from './options.ts';
export { type DeviceStatus, DeviceStopped } from './status.ts';
