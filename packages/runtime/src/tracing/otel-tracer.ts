import {
  type Span as ApiSpan,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, TraceState } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { ExportFailures } from './export-failures.ts';
import { partsOf, type TraceContext } from './trace-context.ts';
import type { Attributes, Span, SpanOptions, Tracer } from './tracer.ts';

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const satisfies Record<SpanOptions['kind'], SpanKind>;

/**
 * The tracer of the OpenTelemetry SDK, which reads its own variables. Ended spans wait in a bounded queue
 * (OTEL_BSP_MAX_QUEUE_SIZE, 2,048); one that finds it full is dropped.
 */
export class OtelTracer implements Tracer {
  readonly #provider: NodeTracerProvider;
  readonly #tracer: ReturnType<NodeTracerProvider['getTracer']>;

  /** @param attributes Of the resource, for what the environment does not name. */
  constructor(attributes: Attributes, failures: ExportFailures) {
    const named = detectResources({ detectors: [envDetector] });
    const resource = defaultResource().merge(resourceFromAttributes(attributes)).merge(named);
    const exporter = new SaidExporter(new OTLPTraceExporter(), failures);
    this.#provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
    this.#tracer = this.#provider.getTracer('pushfleet');
  }

  start(name: string, { kind, parent, link, attributes = {} }: SpanOptions): Span | undefined {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;
    const links: Link[] = link ? [{ context: spanContextOf(link) }] : [];
    const span = this.#tracer.startSpan(name, { kind: kinds[kind], attributes, links, root: !parent }, context);
    return span.isRecording() ? new OtelSpan(span) : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider.shutdown().catch(() => {});
  }
}

class OtelSpan implements Span {
  readonly context: TraceContext;
  readonly #span: ApiSpan;

  constructor(span: ApiSpan) {
    this.#span = span;
    const { traceId, spanId, traceState } = span.spanContext();
    this.context = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: traceState?.serialize() ?? '' };
  }

  setAttributes(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  addEvent(name: string, attributes: Attributes = {}): void {
    this.#span.addEvent(name, attributes);
  }

  end(failure?: string): void {
    if (!this.#span.isRecording()) return;
    if (failure !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    this.#span.end();
  }
}

/** An exporter whose failures are said. */
class SaidExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #failures: ExportFailures;

  constructor(exporter: SpanExporter, failures: ExportFailures) {
    this.#exporter = exporter;
    this.#failures = failures;
  }

  export(spans: ReadableSpan[], onResult: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) this.#failures.onExported();
      else this.#failures.onFailed(result.error);
      onResult(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}

function spanContextOf(context: TraceContext): SpanContext {
  const { traceId, spanId, flags: traceFlags } = partsOf(context);
  const { tracestate } = context;
  return {
    traceId,
    spanId,
    traceFlags,
    isRemote: true,
    ...(tracestate ? { traceState: new TraceState(tracestate) } : {}),
  };
}
