export { PushfleetError } from '@pushfleet/protocol';
export type { CallOptions } from './call.ts';
export type { AdminClientOptions } from './channel.ts';
export { AdminClient, createAdminClient } from './client.ts';
export type { DeviceFilter, NewDevice } from './fleet.ts';
export { type OutcomeName, outcomeName } from './outcome.ts';
export type { PushAnswer, PushManyOptions } from './push-many.ts';
