/** Sizes and times that both ends of a wire must agree on. */
export const limits = {
  /** The size of a custom payload, and of a result's output. */
  payloadBytes: 1_048_576,
  /** The size of one MQTT packet or gRPC message on a device link: a payload in base64, and room for what is around it. */
  frameBytes: 1_441_792,
  /** The size of a first message (MQTT CONNECT, gRPC Hello): nobody is known yet, so nobody gets much memory. */
  greetingBytes: 16_384,
  customNameChars: 128,
  reasonChars: 256,
  /** The length of the message of an error, of the field that it names, and of what that must be, when they go over a wire. */
  errorBytes: 1_024,
  fieldBytes: 128,
  fieldRuleBytes: 512,
  /** The number of labels of one device. */
  labels: 32,
  taskParameters: 64,
  taskParameterKeyBytes: 128,
  taskParameterBytes: 4_096,
  counters: 256,
  statisticsIntervalMinMs: 100,
  /** The longest period: in most languages no timer runs longer. */
  statisticsIntervalMaxMs: 86_400_000,
  /** The length of collapse keys and idempotency keys. */
  keyBytes: 128,
  /** Named by a device that asks where it belongs. */
  unreachableNodeIds: 64,
  secretMinBytes: 16,
  secretMaxBytes: 256,
  /** A client must have said who it is by then. */
  greetingDeadlineMs: 10_000,
  /** The shortest keep-alive of a device that is granted, the one that an SDK begins with, and the longest one by default. */
  keepAliveLeastMs: 5_000,
  keepAliveFirstMs: 60_000,
  keepAliveMostMs: 1_200_000,
  deliverWithinDefaultMs: 10_000,
  deliverWithinMaxMs: 600_000,
  finishWithinDefaultMs: 30_000,
  finishWithinMaxMs: 3_600_000,
  ttlMaxMs: 2_592_000_000,
  durableFinishWithinMaxMs: 2_678_400_000,
  /** How far the wall clocks of two machines may be apart. */
  clockToleranceS: 60,
  /** Added to the time to live of a durable command, for those that do not say when it is to be finished. */
  durableFinishDefaultMs: 300_000,
  /** How many durable commands may be on their way to one device, unconfirmed. */
  durableWindow: 32,
  /** Results of a device that may wait, over MQTT with QoS 1, for their PUBACK at the same time: its Receive Maximum. */
  unacknowledgedResults: 1_024,
  /** The size of one frame of a tunnel. */
  tunnelFrameBytes: 65_536,
  /** The bounds of a tunnel's life, without data and at all. */
  tunnelLimitMinMs: 1_000,
  tunnelIdleLimitMaxMs: 86_400_000,
  tunnelTimeLimitMaxMs: 604_800_000,
  /** Settings of a push server: links, and its share of the load in percent of that of others of its size. */
  maxConnectionsMax: 10_000_000,
  weightMax: 1_000,
  /** The size of a message on the balancer-worker stream. A batch is cut when its payloads pass a quarter of it. */
  controlMessageBytes: 8_388_608,
} as const;

const encoder = new TextEncoder();

/**
 * The beginning of a text: at most `maxBytes` in UTF-8, and never a part of a character. What is no text in the first
 * place, half of a surrogate pair, becomes U+FFFD, so that every wire and every store takes the result.
 */
export function cutText(text: string, maxBytes: number): string {
  // No UTF-16 code unit makes more than three bytes.
  if (text.length * 3 <= maxBytes) return text.toWellFormed();
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read).toWellFormed();
}
