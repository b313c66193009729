import type { Metadata, status } from '@grpc/grpc-js';

export interface WireStatus {
  code: status;
  details: string;
  metadata?: Metadata;
}

export type ClientFrame =
  | { kind: 'begin'; id: number; path: string; metadata: Metadata }
  | { kind: 'message'; id: number; bytes: Buffer }
  | { kind: 'half-close'; id: number }
  | { kind: 'cancel'; id: number };

export type ServerFrame =
  | { kind: 'metadata'; id: number; metadata: Metadata }
  | { kind: 'message'; id: number; bytes: Buffer }
  | { kind: 'status'; id: number; status: WireStatus };
