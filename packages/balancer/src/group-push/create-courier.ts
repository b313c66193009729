import type { Commands, GroupPushRequest } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { PushDesk } from '../commands/push-desk.ts';
import type { Courier, Reports } from './courier.ts';
import { DirectCourier } from './direct-courier.ts';
import { DurableCourier } from './durable-courier.ts';

export interface CourierParts extends Reports {
  registry: { commands: Pick<Commands, 'getMany'> };
  desk: Omit<PushDesk, 'pushDirect'>;
  outcomesKeptMs: number;
  clock: Clock;
  logger: Logger;
}

export function createCourier(request: GroupPushRequest, parts: CourierParts): Courier {
  const { registry, desk, clock } = parts;
  if (request.ttlMs === 0) return new DirectCourier(desk, request, clock, parts);
  return new DurableCourier({ ...parts, commands: registry.commands, request, reports: parts });
}
