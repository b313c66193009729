import { isTime, jsonFieldName, messageAt } from '@pushfleet/protocol/admin';
import type { Enum, Field, Type } from 'protobufjs';
import type { RestRoute } from './routes.ts';

export type JsonSchema = Record<string, unknown>;

const problem: JsonSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457; code is for programs, detail for people.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    ...{ type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
    ...{ code: { type: 'string' }, field: { type: 'string' }, retryAfterMs: { type: 'integer' } },
  },
};

/** Schemas of messages, each once, by their names in the proto files. */
export class SchemaSet {
  readonly #schemas = new Map<string, JsonSchema>([['Problem', problem]]);

  /** All that were asked for, with `$id`. */
  get all(): JsonSchema[] {
    return [...this.#schemas.values()];
  }

  /** One that is no message. */
  add(schema: JsonSchema & { $id: string }): void {
    this.#schemas.set(schema.$id, schema);
  }

  /** Refers to the schema of the message. */
  refTo(type: Type): JsonSchema {
    if (!this.#schemas.has(type.name)) {
      const schema: JsonSchema = { $id: type.name, type: 'object' };
      // Before its fields are: a message may hold itself.
      this.#schemas.set(type.name, schema);
      schema.properties = Object.fromEntries(type.fieldsArray.map((field) => this.#property(field.resolve())));
    }
    return { $ref: `${type.name}#` };
  }

  /** The schema of one field, by its name in JSON. */
  #property(field: Field): [string, JsonSchema] {
    const schema = this.valueOf(field);
    const name = jsonFieldName(field);
    if (field.map) return [name, { type: 'object', additionalProperties: schema }];
    return [name, field.repeated ? { type: 'array', items: schema } : schema];
  }

  valueOf(field: Field): JsonSchema {
    const { resolvedType, type } = field;
    if (resolvedType && isTime(resolvedType)) {
      const isInstant = resolvedType.fullName.endsWith('Timestamp');
      return isInstant ? { type: 'string', format: 'date-time' } : { type: 'string', pattern: '^-?\\d+(\\.\\d+)?s$' };
    }
    if (resolvedType && 'fieldsArray' in resolvedType) return this.refTo(resolvedType);
    if (resolvedType) return { type: 'string', enum: Object.keys((resolvedType as Enum).values) };
    if (type === 'string') return { type: 'string' };
    if (type === 'bytes') return { type: 'string', contentEncoding: 'base64' };
    if (type === 'bool') return { type: 'boolean' };
    if (type === 'double' || type === 'float') return { type: 'number' };
    return { type: 'integer', ...(type.startsWith('u') ? { minimum: 0 } : {}) };
  }
}

export interface RouteTypes {
  request: Type;
  response: Type;
  isStream: boolean;
}

/** The schema of one route, as Fastify and the OpenAPI document have it. */
export function routeSchema(
  route: RestRoute,
  { request, response, isStream }: RouteTypes,
  schemas: SchemaSet,
): JsonSchema {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const hasBody = route.verb === 'POST' || route.verb === 'PUT';
  const bodyType = route.body === undefined ? request : messageAt(request, route.body);
  const answered =
    route.answer === undefined ? schemas.refTo(response) : schemas.refTo(messageAt(response, route.answer));
  const success = isStream
    ? { description: 'Server-sent events', content: { 'text/event-stream': { schema: { type: 'string' } } } }
    : answered;
  const ok = route.success ?? 200;
  return {
    ...{
      summary: route.summary,
      operationId: route.method.replace(/^.*\//, ''),
      tags: [route.path.split('/')[2] ?? ''],
    },
    security: [{ token: [] }, { session: [] }],
    ...(names.length > 0
      ? {
          params: {
            type: 'object',
            required: names,
            properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
          },
        }
      : {}),
    ...(hasBody ? { body: schemas.refTo(bodyType) } : queryOf(request, names, schemas)),
    ...headersOf(route, isStream),
    response: {
      [ok]: ok === 204 ? { type: 'null', description: 'Done' } : success,
      ...Object.fromEntries(
        [400, 401, 403, 404, 409, 412, 413, 429, 500, 503, 504].map((code) => [code, problemAnswer]),
      ),
    },
  };
}

const problemAnswer = {
  description: 'What is wrong',
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
};

function queryOf(request: Type, params: readonly string[], schemas: SchemaSet): JsonSchema {
  const fields = request.fieldsArray.filter((field) => {
    const { resolvedType, map } = field.resolve();
    return !params.includes(field.name) && (map || !resolvedType || !('fieldsArray' in resolvedType));
  });
  if (fields.length === 0) return {};
  const properties = fields.map((field) => {
    const schema = field.map ? { type: 'string', pattern: '^[^=]+=' } : schemas.valueOf(field);
    return [field.name, field.map || field.repeated ? { type: 'array', items: schema } : schema];
  });
  return { querystring: { type: 'object', properties: Object.fromEntries(properties) } };
}

function headersOf(route: RestRoute, isStream: boolean): JsonSchema {
  if (isStream) return { headers: { type: 'object', properties: { 'last-event-id': { type: 'string' } } } };
  if (route.etag && route.verb === 'PUT')
    return { headers: { type: 'object', properties: { 'if-match': { type: 'string' } } } };
  return {};
}
