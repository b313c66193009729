import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';

/** The part of OTLP's trace.proto that tests look at. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Export { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; } }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start = 7; fixed64 end = 8; repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15;
  }
`);
const exportType = root.lookupType('Export');

interface KeyValue {
  key: string;
  value: { stringValue?: string; boolValue?: boolean };
}

interface DecodedResource {
  resource: { attributes?: KeyValue[] };
  scopeSpans?: { spans?: DecodedSpan[] }[];
}

interface DecodedSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  name: string;
  attributes?: KeyValue[];
  links?: { traceId: Buffer; spanId: Buffer }[];
  status?: { code?: number };
}

export interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  /** Empty: it begins its trace. */
  parentSpanId: string;
  attributes: Record<string, string | boolean | undefined>;
  links: { traceId: string; spanId: string }[];
  /** 2: an error. */
  statusCode: number;
}

/** A collector of traces that keeps what processes export to it by OTLP over HTTP. */
export class TraceReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  readonly #server: Server;

  static async start(): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === '/v1/traces') this.#take(Buffer.concat(chunks));
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(body: Buffer): void {
    const { resourceSpans = [] } = exportType.toObject(exportType.decode(body), {
      bytes: Buffer,
      longs: String,
    }) as { resourceSpans?: DecodedResource[] };
    for (const { resource, scopeSpans = [] } of resourceSpans) {
      const service = String(attributesOf(resource.attributes)['service.name']);
      for (const { spans = [] } of scopeSpans) {
        for (const span of spans) {
          this.spans.push({
            ...{ service, name: span.name, traceId: hex(span.traceId), spanId: hex(span.spanId) },
            parentSpanId: hex(span.parentSpanId),
            attributes: attributesOf(span.attributes),
            links: (span.links ?? []).map((link) => ({
              traceId: hex(link.traceId),
              spanId: hex(link.spanId),
            })),
            statusCode: span.status?.code ?? 0,
          });
        }
      }
    }
  }
}

function hex(bytes: Buffer | undefined): string {
  return bytes?.toString('hex') ?? '';
}

function attributesOf(attributes: KeyValue[] = []): ReceivedSpan['attributes'] {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue]));
}
