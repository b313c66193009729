export type * from './pushfleet/common/v1/CommandStatus.ts';
export type * from './pushfleet/common/v1/Custom.ts';
export type * from './pushfleet/common/v1/ForceSync.ts';
export type * from './pushfleet/common/v1/Operation.ts';
export * from './pushfleet/common/v1/Outcome.ts';
