import { PushfleetError } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';

export interface RegistrySwitch {
  on: boolean;
  /** The number of calls of each operation, answered or not, by `port.operation`. */
  readonly calls: Map<string, number>;
}

/** The same registry behind a switch: off, every operation fails as if nothing answered. */
export function switchable(registry: Registry, state: RegistrySwitch): Registry {
  const guard = <Port extends object>(portName: string, port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const operation = `${portName}.${String(name)}`;
        return async (...values: unknown[]) => {
          state.calls.set(operation, (state.calls.get(operation) ?? 0) + 1);
          if (!state.on) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'the registry does not answer');
          return Reflect.apply(member, target, values);
        };
      },
    });
  return {
    nodes: guard('nodes', registry.nodes),
    balancers: guard('balancers', registry.balancers),
    assignments: guard('assignments', registry.assignments),
    sessions: guard('sessions', registry.sessions),
    commands: guard('commands', registry.commands),
    groupPushes: guard('groupPushes', registry.groupPushes),
    fleet: guard('fleet', registry.fleet),
    ticketKeys: guard('ticketKeys', registry.ticketKeys),
    tlsTicketKeys: guard('tlsTicketKeys', registry.tlsTicketKeys),
    revocations: guard('revocations', registry.revocations),
    leases: guard('leases', registry.leases),
    rebalances: guard('rebalances', registry.rebalances),
    maintenance: guard('maintenance', registry.maintenance),
    rollingRestarts: guard('rollingRestarts', registry.rollingRestarts),
    events: guard('events', registry.events),
    audit: guard('audit', registry.audit),
    apiTokens: guard('apiTokens', registry.apiTokens),
    enrollmentTokens: guard('enrollmentTokens', registry.enrollmentTokens),
    consoleSessions: guard('consoleSessions', registry.consoleSessions),
    signInCodes: guard('signInCodes', registry.signInCodes),
    check: guard('registry', { check: () => registry.check() }).check,
    ping: guard('registry', { ping: () => registry.ping() }).ping,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
