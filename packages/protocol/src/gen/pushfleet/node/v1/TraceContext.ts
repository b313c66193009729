// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * A span, as W3C Trace Context writes it.
 */
export interface TraceContextInit {
  'traceparent'?: (string);
  'tracestate'?: (string);
}

/**
 * A span, as W3C Trace Context writes it.
 */
export interface TraceContext {
  'traceparent': (string);
  'tracestate': (string);
}
