import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { fromStatus, statusDetailsKey } from '@pushfleet/protocol';
import type { Method, Outcome, Row } from './methods.ts';

const bytes = (value: Buffer) => value;

export interface Question {
  client: Client;
  metadata: Metadata;
  method: Method;
  row: Row;
  /** Names of the fields that lead to the one that is odd. */
  path: readonly string[];
  ticket: string;
}

/** Whatever a method answers to this request: the end of the call, or the first thing that a stream says. */
export function ask(question: Question, request: Buffer): Promise<Outcome> {
  const { client, metadata, method, row } = question;
  const { path, streams } = method;
  if (streams.response) return askStream(question, request);
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, response?: Buffer) =>
      resolve(error ? refusal(error) : readAnswer(row, decode(method, response as Buffer)));
    if (!streams.request) return void client.makeUnaryRequest(path, bytes, bytes, request, metadata, done);
    const call = client.makeClientStreamRequest(path, bytes, bytes, metadata, done);
    call.write(request);
    call.end();
  });
}

function askStream(
  { client, metadata, method, row, path: fields, ticket }: Question,
  request: Buffer,
): Promise<Outcome> {
  const { path, streams } = method;
  const around = row.around?.(fields, ticket);
  return new Promise((resolve) => {
    const call = streams.request
      ? client.makeBidiStreamRequest(path, bytes, bytes, metadata)
      : client.makeServerStreamRequest(path, bytes, bytes, request, metadata);
    const answer = (outcome: Outcome) => {
      resolve(outcome);
      call.cancel();
    };
    call.on('error', (error: ServiceError) => answer(refusal(error)));
    call.on('end', () => answer(accepted));
    call.on('data', (response: Buffer) => {
      const decoded = decode(method, response);
      if (around?.isAnswer(decoded) ?? true) answer(readAnswer(row, decoded));
    });
    // A watch that has begun may have nothing to say.
    if (!isDuplex(call)) return void call.on('metadata', () => setImmediate(() => answer(accepted)));
    const said = (message: object) => Buffer.from(method.request.encode(method.request.fromObject(message)).finish());
    for (const message of around?.before ?? []) call.write(said(message));
    call.write(request);
    for (const message of around?.after ?? []) call.write(said(message));
    if (!around) call.end();
  });
}

function isDuplex(call: object): call is ClientDuplexStream<Buffer, Buffer> {
  return 'write' in call;
}

const accepted: Outcome = { code: 'OK', field: undefined, details: '' };

function decode({ response }: Method, answer: Buffer): object {
  return response.toObject(response.decode(answer), { defaults: true, arrays: true, enums: String });
}

function readAnswer(row: Row, response: object): Outcome {
  return { ...accepted, ...row.read?.(response) };
}

function refusal(error: ServiceError): Outcome {
  const isOurs = error.metadata?.get(statusDetailsKey).length === 1;
  const { code, field } = fromStatus(error);
  return { code: isOurs ? code : (status[error.code] ?? String(error.code)), field, details: error.details };
}

export function connectTo(address: string, credentials: ChannelCredentials, options: object = {}): Client {
  return new Client(address, credentials, { 'grpc.use_local_subchannel_pool': 1, ...options });
}
