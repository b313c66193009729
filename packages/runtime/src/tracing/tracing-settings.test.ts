import { describe, expect, it } from 'vitest';
import { isTracingOn } from './tracing-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('tracing', () => {
  it.each([
    [false, {}],
    [false, { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }],
    [true, { OTEL_TRACES_EXPORTER: 'otlp' }],
    [true, endpoint],
    [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }],
    [false, { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
    [true, { ...endpoint, OTEL_TRACES_EXPORTER: '' }],
    [false, { ...endpoint, OTEL_SDK_DISABLED: 'true' }],
    [true, { ...endpoint, OTEL_SDK_DISABLED: 'false' }],
    // What is off is not looked at.
    [false, { OTEL_SDK_DISABLED: 'TRUE', OTEL_TRACES_EXPORTER: 'zipkin' }],
  ])('is %s with %o', (isOn, environment) => {
    expect(isTracingOn(environment)).toBe(isOn);
  });

  it.each([
    ['OTEL_TRACES_EXPORTER', 'console'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'http/json'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_PROPAGATORS', 'b3'],
  ])('names %s where its value "%s" is not taken', (name, value) => {
    expect(() => isTracingOn({ [name]: value })).toThrow(new RegExp(`^${name}: must be .*; it is "${value}"`));
  });

  it('shows no credentials of an endpoint', () => {
    expect(() => isTracingOn({ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://me:secret@host' })).toThrow('"ftp://***@host"');
  });
});
