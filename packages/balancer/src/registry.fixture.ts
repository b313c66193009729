import { PushfleetError } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';

/** The same registry behind a switch: off, every operation fails as if nothing answered. */
export function switchable(registry: Registry, state: { on: boolean }): Registry {
  const guard = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...values: unknown[]) => {
          if (!state.on) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'the registry does not answer');
          return Reflect.apply(member, target, values);
        };
      },
    });
  return {
    nodes: guard(registry.nodes),
    assignments: guard(registry.assignments),
    sessions: guard(registry.sessions),
    commands: guard(registry.commands),
    groupPushes: guard(registry.groupPushes),
    fleet: guard(registry.fleet),
    ticketKeys: guard(registry.ticketKeys),
    leases: guard(registry.leases),
    rebalances: guard(registry.rebalances),
    maintenance: guard(registry.maintenance),
    events: guard(registry.events),
    check: guard({ check: () => registry.check() }).check,
    ping: guard({ ping: () => registry.ping() }).ping,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
