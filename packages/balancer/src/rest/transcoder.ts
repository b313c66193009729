import { invalidArgument, PushfleetError } from '@pushfleet/protocol';
import {
  findUnknownField,
  jsonFieldsOf,
  messageAt,
  NotOfType,
  readJsonMessage,
  writeJsonMessage,
} from '@pushfleet/protocol/admin';
import type { Field, Type } from 'protobufjs';
import type { RestRoute } from './routes.ts';

/** The parts of an HTTP request that say what is asked. */
export interface RestQuestion {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[]>>;
  /** Parsed JSON; `undefined`: there was none. */
  body: unknown;
  ifMatch: string | undefined;
  lastEventId: string | undefined;
}

type JsonObject = Record<string, unknown>;

/** Options of protobufjs, as the handlers of gRPC calls get their requests. */
const conversion = { longs: Number, enums: String, defaults: true, oneofs: true } as const;
const jsonConversion = { longs: Number, enums: String, bytes: Buffer, defaults: true, oneofs: true } as const;

/** Turns the HTTP requests of one route into requests of its method, and the method's answers into JSON. */
export class Transcoder {
  readonly #route: RestRoute;
  readonly #request: Type;
  readonly #response: Type;

  constructor(route: RestRoute, { request, response }: { request: Type; response: Type }) {
    this.#route = route;
    this.#request = request;
    this.#response = response;
  }

  /** @throws PushfleetError INVALID_ARGUMENT that names the field as the REST API does. */
  toRequest(question: RestQuestion): object {
    const json = this.#readBody(question.body);
    this.#readQuery(json, question.query);
    for (const [name, value] of Object.entries(question.params)) this.#setParam(json, name, value);
    const { etag } = this.#route;
    if (etag && question.ifMatch !== undefined) setAt(json, etag.request, unquote(question.ifMatch));
    if (question.lastEventId && this.#request.fields.resumeToken) json.resumeToken = question.lastEventId;
    try {
      return this.#request.toObject(this.#request.fromObject(readJsonMessage(this.#request, json)), conversion);
    } catch (error) {
      if (error instanceof NotOfType) throw invalidArgument(error.field || 'body', error.rule);
      throw error;
    }
  }

  /** The answer as JSON has it. */
  toBody(response: object): unknown {
    const json = this.#toJson(response);
    return this.#route.answer === undefined ? json : (json[this.#route.answer] ?? null);
  }

  /** The value of the header ETag; `undefined`: the resource has none. */
  etagOf(body: unknown): string | undefined {
    const etag = this.#route.etag && (body as JsonObject | null)?.[this.#route.etag.answer];
    return typeof etag === 'string' && etag !== '' ? `"${etag}"` : undefined;
  }

  /** The server-sent events of one message of a stream. */
  toEvents(message: object): { id?: string; event?: string; data: unknown }[] {
    const json = this.#toJson(message);
    const { events } = json;
    if (!Array.isArray(events)) return [{ data: Object.values(json)[0] ?? null }];
    return events.map((event: JsonObject) => ({
      id: String(event.resumeToken ?? ''),
      ...(typeof event.kind === 'string' ? { event: event.kind } : {}),
      data: event,
    }));
  }

  #toJson(message: object): JsonObject {
    const typed = this.#response.fromObject(message);
    return writeJsonMessage(this.#response, this.#response.toObject(typed, jsonConversion));
  }

  #readBody(body: unknown): JsonObject {
    if (body === undefined) return {};
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalidArgument('body', 'a JSON object');
    const { body: field } = this.#route;
    const type = field === undefined ? this.#request : messageAt(this.#request, field);
    const unknown = findUnknownField(type, body);
    if (unknown !== undefined) {
      const known = jsonFieldsOf(type)
        .map(({ jsonName }) => jsonName)
        .join(', ');
      throw invalidArgument(unknown, `absent: there is no such field; ${type.name} has ${known || 'none'}`);
    }
    return field === undefined ? { ...(body as JsonObject) } : { [field]: { ...(body as JsonObject) } };
  }

  #readQuery(json: JsonObject, query: RestQuestion['query']): void {
    for (const [name, given] of Object.entries(query)) {
      const field = this.#request.fieldsArray.find((one) => one.name === name);
      const isMessage = field && !field.map && field.resolvedType && 'fieldsArray' in field.resolvedType;
      if (!field || isMessage || this.#isParam(name)) {
        throw invalidArgument(`query.${name}`, `absent: there is no such parameter of ${this.#route.path}`);
      }
      json[name] = readQueryValue(field.resolve(), name, given);
    }
  }

  #isParam(name: string): boolean {
    return this.#route.path.split('/').includes(`:${name}`);
  }

  #setParam(json: JsonObject, name: string, value: string): void {
    const path = this.#route.params?.[name] ?? name;
    const inBody = getAt(json, path);
    if (inBody !== undefined && inBody !== value)
      throw invalidArgument(path, `absent, or as the path has it: "${value}"`);
    setAt(json, path, value);
  }
}

/** Query parameters are text: lists are repeated (`kinds=A&kinds=B`), entries of maps are `labels=os=linux`. */
function readQueryValue(field: Field, name: string, given: string | string[]): unknown {
  const values = [given].flat();
  if (field.map) {
    return Object.fromEntries(
      values.map((value) => {
        const at = value.indexOf('=');
        if (at < 1) throw invalidArgument(`query.${name}`, 'key=value');
        return [value.slice(0, at), value.slice(at + 1)];
      }),
    );
  }
  if (field.repeated) return values;
  if (values.length > 1) throw invalidArgument(`query.${name}`, 'given once');
  const [value = ''] = values;
  if (field.type !== 'bool') return value;
  if (value !== 'true' && value !== 'false') throw invalidArgument(`query.${name}`, 'true or false');
  return value === 'true';
}

function getAt(json: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((at, part) => (at as JsonObject | undefined)?.[part], json);
}

function setAt(json: JsonObject, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let at = json;
  for (const part of parts) {
    const next = (at[part] ?? {}) as JsonObject;
    if (typeof next !== 'object' || Array.isArray(next)) throw invalidArgument(part, 'an object');
    at[part] = { ...next };
    at = at[part] as JsonObject;
  }
  at[last] = value;
}

/** `"abc"` as ETag gives it; weak ones, and `*`, are none that settings can be held to. */
function unquote(etag: string): string {
  const [, inner] = /^"([^"]*)"$/.exec(etag) ?? [];
  if (inner === undefined)
    throw new PushfleetError('INVALID_ARGUMENT', 'If-Match: must be the ETag of the resource', { field: 'If-Match' });
  return inner;
}
