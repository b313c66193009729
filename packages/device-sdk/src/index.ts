export { PushfleetError } from '@pushfleet/protocol';
export { type Clock, systemClock } from './clock.ts';
export {
  CommandCancelled,
  type CommandContext,
  CommandFailed,
  type CommandOutput,
  type CommandProgress,
  CommandRejected,
  type Counters,
  type Custom,
  type ForceSync,
  type GetStatistics,
  type Handler,
  type HandlerName,
  type OperationHandlers,
  type RunTask,
} from './commands/command.ts';
export type { Ending } from './commands/ending.ts';
export {
  FileCommandStore,
  type FileCommandStoreOptions,
  fileCommandStore,
} from './commands/file/store.ts';
export type { CommandStore, StoredCommand } from './commands/log.ts';
export { createDevice, Device } from './device.ts';
export { fileSecretStore, type SecretStore, type StoredSecret } from './enrollment/secret-store.ts';
export type { DeviceOptions, LinkKind, TunnelOptions } from './options.ts';
export type { Backoff, Cause } from './plan.ts';
export { type DeviceStatus, DeviceStopped } from './status.ts';
