import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Environment } from '../settings.ts';
import { ExportFailures } from './export-failures.ts';
import { tracing } from './tracer.ts';
import { isTracingOn } from './tracing-settings.ts';

export interface TracedProcess {
  /** Name of the service unless the environment names one: `pushfleet-balancer`. */
  service: string;
  /** E.g. the id of the push server and of the worker. */
  instance?: string;
  logger: Logger;
  clock?: Clock;
}

/**
 * Traces from now on, if the environment says so, until what it resolves with is disposed: then the spans that wait are exported.
 * The SDK is loaded only then.
 * @throws PushfleetError INVALID_ARGUMENT
 */
export async function startTracing(environment: Environment, process: TracedProcess): Promise<AsyncDisposable> {
  if (!isTracingOn(environment)) return { [Symbol.asyncDispose]: async () => {} };
  const { service, instance = randomUUID(), logger, clock = systemClock } = process;
  const { OtelTracer } = await import('./otel-tracer.ts');
  const attributes = { 'service.name': service, 'service.namespace': 'pushfleet', 'service.instance.id': instance };
  const tracer = new OtelTracer(attributes, new ExportFailures(clock, logger));
  tracing.tracer = tracer;
  logger.info({ service }, 'commands are traced');
  return {
    [Symbol.asyncDispose]: async () => {
      tracing.tracer = undefined;
      await tracer[Symbol.asyncDispose]();
    },
  };
}
