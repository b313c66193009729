import { PushfleetError } from '@pushfleet/protocol';
import type { Environment } from '../settings.ts';

/** Variables of the OpenTelemetry specification that turn tracing on, or of which not every value is taken. */
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
];

interface Rule {
  name: `OTEL_${string}`;
  rule: string;
  isTaken(value: string): boolean;
}

const isUrl = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
const url = { rule: 'an http or https URL', isTaken: isUrl };
const protocol = {
  rule: '"http/protobuf": no other protocol is there',
  isTaken: (value: string) => value === 'http/protobuf',
};

const rules: readonly Rule[] = [
  {
    name: 'OTEL_TRACES_EXPORTER',
    rule: '"otlp" or "none": no other exporter is there',
    isTaken: (value) => value === 'otlp' || value === 'none',
  },
  { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', ...protocol },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', ...protocol },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', ...url },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ...url },
  {
    name: 'OTEL_TRACES_SAMPLER',
    rule: `one of ${samplers.join(', ')}`,
    isTaken: (value) => samplers.includes(value),
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    rule: 'a number from 0 to 1',
    isTaken: (value) => /^\d*\.?\d+$/.test(value) && Number(value) <= 1,
  },
  {
    name: 'OTEL_PROPAGATORS',
    rule: 'a list with "tracecontext" in it: no other way of passing traces on is there',
    isTaken: (value) => value.split(',').some((one) => one.trim() === 'tracecontext'),
  },
];

/**
 * Whether this process is to trace, as the standard variables of OpenTelemetry say. An empty one counts as unset.
 * @throws PushfleetError INVALID_ARGUMENT that names each variable whose value is not taken.
 */
export function isTracingOn(environment: Environment): boolean {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  const problems = rules
    .filter(({ name, isTaken }) => environment[name] && !isTaken(environment[name]))
    .map(({ name, rule }) => `${name}: must be ${rule}; it is "${maskCredentials(environment[name] ?? '')}"`);
  if (problems.length > 0) throw new PushfleetError('INVALID_ARGUMENT', problems.join('\n'));
  if (environment.OTEL_TRACES_EXPORTER) return environment.OTEL_TRACES_EXPORTER === 'otlp';
  return Boolean(environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

function maskCredentials(value: string): string {
  return value.replace(/\/\/.*@/s, '//***@');
}
