import type { Server, ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { loadReflectedPackages } from '@pushfleet/protocol/admin';
import type { GrpcHost } from '@pushfleet/runtime';

/** Lets clients ask what services there are, and how their messages look. */
export function addReflection(host: GrpcHost, services: readonly string[]): void {
  const reflection = new ReflectionService(loadReflectedPackages(), { services: [...services] });
  // All that it asks of a server.
  const server = {
    addService: (service: ServiceDefinition, handlers: UntypedServiceImplementation) =>
      host.addService(service, paced(handlers)),
  };
  reflection.addToServer(server as Server);
}

/** The library answers whatever comes, whether its client reads or not. */
function paced(handlers: UntypedServiceImplementation): UntypedServiceImplementation {
  const entries = Object.entries(handlers).map(([name, handler]) => {
    const answer = handler as (call: ServerDuplexStream<unknown, unknown>) => void;
    const pacedAnswer = (call: ServerDuplexStream<unknown, unknown>) => {
      call.on('drain', () => call.resume());
      answer(call);
      call.on('data', () => {
        if (call.writableNeedDrain) call.pause();
      });
    };
    return [name, pacedAnswer] as const;
  });
  return Object.fromEntries(entries);
}
