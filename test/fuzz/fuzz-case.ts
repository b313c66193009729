/** Every port of a cluster that takes connections. */
export type PortName = 'device' | 'admin' | 'assignment' | 'rest' | 'control' | 'peer';

/** Bytes on one connection, as they are. */
export interface BytesCase {
  kind: 'bytes';
  port: PortName;
  /** Absent: no ALPN. The REST port has no TLS. */
  alpn?: 'h2' | 'mqtt' | 'http/1.1';
  /** A proper CONNECT with a good ticket and a SUBSCRIBE go first, and their answers are waited for. */
  session?: 'mqtt5' | 'mqtt3';
  chunks: Buffer[];
}

/** One gRPC call with these messages, as they are. */
export interface CallCase {
  kind: 'call';
  port: PortName;
  /** `/package.Service/Method` */
  method: string;
  /** A proper first message goes before, e.g. a Hello with a good ticket. */
  greeted?: boolean;
  messages: Buffer[];
}

export type FuzzCase = BytesCase | CallCase;

/** A case as it is kept in a file: bytes as hexadecimal text. */
export function formatCase(fuzzCase: FuzzCase): string {
  const hex = (buffers: readonly Buffer[]) => buffers.map((buffer) => buffer.toString('hex'));
  const kept =
    fuzzCase.kind === 'bytes'
      ? { ...fuzzCase, chunks: hex(fuzzCase.chunks) }
      : { ...fuzzCase, messages: hex(fuzzCase.messages) };
  return `${JSON.stringify(kept)}\n`;
}

export function parseCase(text: string): FuzzCase {
  const kept = JSON.parse(text);
  const bytes = (list: readonly string[]) => list.map((hex) => Buffer.from(hex, 'hex'));
  return kept.kind === 'bytes' ? { ...kept, chunks: bytes(kept.chunks) } : { ...kept, messages: bytes(kept.messages) };
}
