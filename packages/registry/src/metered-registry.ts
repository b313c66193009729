import { PushfleetError } from '@pushfleet/protocol';
import { machineUs, meter, metrics } from '@pushfleet/runtime';
import type { Registry } from './registry.ts';

type Port = (typeof metrics.registryCalls.values)[number];

const isPort = new Set<string>(metrics.registryCalls.values);

/** The same registry; every round trip through one of its ports is timed, and counted where it fails. */
export function meterRegistry(registry: Registry): Registry {
  const own = meterPort(registry, 'other') as Registry;
  const ports = Object.entries(registry).filter(([name, port]) => isPort.has(name) && typeof port === 'object');
  const metered = Object.fromEntries(ports.map(([name, port]) => [name, meterPort(port, name as Port)]));
  return {
    ...registry,
    ...metered,
    ping: () => own.ping(),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

function meterPort<Methods extends object>(target: Methods, port: Port): Methods {
  // By method and not by name: one that is replaced is called from then on.
  const metered = new Map<unknown, unknown>();
  return new Proxy(target, {
    get(_, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      let call = metered.get(member);
      if (call === undefined) {
        call = (...args: unknown[]) => time(Reflect.apply(member, target, args), port);
        metered.set(member, call);
      }
      return call;
    },
  });
}

function time(answer: unknown, port: Port): unknown {
  if (!(answer instanceof Promise)) return answer;
  const beganAtUs = machineUs();
  const observe = () => meter.observe(metrics.registryCalls, port, (machineUs() - beganAtUs) / 1e6);
  return answer.then(
    (value) => {
      observe();
      return value;
    },
    (error) => {
      observe();
      if (isFailure(error)) meter.count(metrics.registryFailures, '');
      throw error;
    },
  );
}

/** A refusal for another reason, such as a name that is not known, is an answer. */
function isFailure(error: unknown): boolean {
  return !(error instanceof PushfleetError) || ['REGISTRY_UNAVAILABLE', 'OVERLOADED', 'INTERNAL'].includes(error.code);
}
