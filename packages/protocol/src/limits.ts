/** Sizes and times that both ends of a wire must agree on. */
export const limits = {
  /** Of a custom payload and of a result's output. */
  payloadBytes: 1_048_576,
  /** Of one MQTT packet or gRPC message on a device link: a payload in base64, and room for what is around it. */
  frameBytes: 1_441_792,
  /** Of a first message (MQTT CONNECT, gRPC Hello): nobody is known yet, so nobody gets much memory. */
  greetingBytes: 16_384,
  customNameChars: 128,
  reasonChars: 256,
  /** Of one device. */
  labels: 32,
  secretMinBytes: 16,
  secretMaxBytes: 256,
  /** A client must have said who it is by then. */
  greetingDeadlineMs: 10_000,
  deliverWithinDefaultMs: 10_000,
  deliverWithinMaxMs: 600_000,
  finishWithinDefaultMs: 30_000,
  finishWithinMaxMs: 3_600_000,
  /** Of the balancer-worker stream. A batch is cut when its payloads pass a quarter of it. */
  controlMessageBytes: 8_388_608,
} as const;
