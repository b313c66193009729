import { deviceIdPattern, ErrorCode, nodeIdPattern, uniqueIdPattern } from '@pushfleet/protocol';
import { isFieldMask, isTime, jsonFieldName } from '@pushfleet/protocol/admin';
import { comments } from '@pushfleet/protocol/comments';
import type { Enum, Field, Type } from 'protobufjs';

export type JsonSchema = Record<string, unknown>;

const problem: JsonSchema = {
  type: 'object',
  description: 'Why a request was refused, as RFC 9457 has it.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: '`urn:pushfleet:error:` and the code.' },
    title: { type: 'string', description: 'The code in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What is wrong and what would be right, for people.' },
    code: { type: 'string', enum: Object.keys(ErrorCode), description: 'What is wrong, for programs.' },
    field: { type: 'string', description: 'Path of the field that is wrong: `pushServer.port`.' },
    retryAfterMs: { type: 'integer', description: 'When to ask again, in milliseconds from now.' },
  },
};

type Direction = 'input' | 'output';

interface BodyRules {
  inPath?: readonly string[];
  required?: readonly string[];
}

/** JSON schemas of messages, each once, under `#/components/schemas/`. */
export class SchemaSet {
  readonly #schemas = new Map<string, JsonSchema>([['Problem', problem]]);

  /** All that were asked for, by their names. */
  get all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Refers to a schema that is of no message. */
  refTo(name: string, schema: JsonSchema): JsonSchema {
    this.#schemas.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Refers to the schema of a message in an answer: all its fields are there, but for times, messages and choices. */
  outputOf(type: Type): JsonSchema {
    return this.#refTo(type, 'output');
  }

  /**
   * Refers to the schema of a message in a body: each field may be absent or null, but for `required`, and no other be there.
   * @param inPath Fields that stand in the path of the request, which are left out: `device.deviceId`.
   */
  inputOf(type: Type, { inPath = [], required = [] }: BodyRules = {}): JsonSchema {
    return this.#refTo(type, 'input', { inPath, required });
  }

  /** Schema and description of a value in a path. */
  parameterOf(field: Field): JsonSchema {
    const pattern = patterns[snakeCase(field.name)];
    const schema = { ...this.#valueOf(field, 'input'), ...(pattern ? { pattern: pattern.source } : { minLength: 1 }) };
    return { description: meaningOf(field), schema };
  }

  /** Schema and description of a value in a query: lists are repeated, entries of maps are `key=value`. */
  queryParameterOf(field: Field): JsonSchema {
    const one = field.map ? { type: 'string', pattern: '^[^=]+=' } : this.#valueOf(field, 'input');
    const description = `${meaningOf(field) ?? ''}${field.map ? ' Each as `key=value`.' : ''}`;
    return { description, schema: field.map || field.repeated ? { type: 'array', items: one } : one };
  }

  #refTo(type: Type, direction: Direction, rules: BodyRules = {}): JsonSchema {
    const name = direction === 'output' || type.name.endsWith('Request') ? type.name : `${type.name}Input`;
    if (!this.#schemas.has(name)) {
      // Before its fields are: a message may hold itself.
      const schema: JsonSchema = {};
      this.#schemas.set(name, schema);
      Object.assign(schema, this.#objectOf(type, direction, rules));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #objectOf(type: Type, direction: Direction, { inPath = [], required = [] }: BodyRules): JsonSchema {
    const fields = type.fieldsArray.map((field) => field.resolve()).filter(({ name }) => !inPath.includes(name));
    const always = fields.filter((field) => direction === 'output' && isAlwaysWritten(field)).map(jsonFieldName);
    const isChoice = type.oneofsArray.some(({ oneof }) => oneof.length === fields.length);
    const propertyOf = (field: Field) => {
      const within = inPath.filter((path) => path.startsWith(`${field.name}.`));
      const rules = { inPath: within.map((path) => path.slice(field.name.length + 1)) };
      const schema = this.#fieldOf(field, direction, rules);
      return direction === 'output' || required.includes(field.name) ? schema : orNull(schema);
    };
    return {
      type: 'object',
      ...described(commentOn(type.fullName)),
      ...(always.length + required.length > 0 ? { required: [...always, ...required] } : {}),
      properties: Object.fromEntries(fields.map((field) => [jsonFieldName(field), propertyOf(field)])),
      ...(direction === 'input' ? { additionalProperties: false } : {}),
      ...(isChoice ? { maxProperties: 1 } : {}),
    };
  }

  #fieldOf(field: Field, direction: Direction, rules: BodyRules): JsonSchema {
    const value = this.#valueOf(field, direction, rules);
    const description = described(meaningOf(field));
    if (field.map) return { type: 'object', ...description, additionalProperties: value };
    return field.repeated ? { type: 'array', ...description, items: value } : { ...value, ...description };
  }

  #valueOf(field: Field, direction: Direction, rules: BodyRules = {}): JsonSchema {
    const { resolvedType, type } = field;
    if (resolvedType && isTime(resolvedType)) {
      const isInstant = resolvedType.fullName.endsWith('Timestamp');
      return isInstant
        ? { type: 'string', format: 'date-time' }
        : { type: 'string', pattern: '^-?\\d{1,12}(\\.\\d{1,9})?s$' };
    }
    if (resolvedType && isFieldMask(resolvedType)) return { type: 'string' };
    if (resolvedType && 'fieldsArray' in resolvedType) return this.#refTo(resolvedType, direction, rules);
    if (resolvedType) return enumOf(resolvedType, direction);
    if (type === 'string') return { type: 'string' };
    if (type === 'bytes') return { type: 'string', contentEncoding: 'base64', pattern: '^[A-Za-z0-9+/_-]*={0,2}$' };
    if (type === 'bool') return { type: 'boolean' };
    if (type === 'double' || type === 'float') return { type: 'number' };
    return integers[type] ?? { type: 'integer' };
  }
}

/** In a body null is absent. */
function orNull(schema: JsonSchema): JsonSchema {
  const { $ref, type, description, ...rest } = schema;
  if ($ref !== undefined)
    return { anyOf: [{ $ref }, { type: 'null' }], ...described(description as string | undefined) };
  const values = rest.enum as unknown[] | undefined;
  return {
    type: [type, 'null'],
    ...rest,
    ...(values ? { enum: [...values, null] } : {}),
    ...described(description as string | undefined),
  };
}

const integers: Readonly<Record<string, JsonSchema>> = {
  int32: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  uint32: { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 },
  int64: { type: 'integer', format: 'int64' },
  uint64: { type: 'integer', format: 'int64', minimum: 0 },
};

/** Numbers, texts, lists and maps have a default that is written; a choice is one of several. */
function isAlwaysWritten({ resolvedType, repeated, map, partOf }: Field): boolean {
  if (repeated || map) return true;
  return !partOf && !(resolvedType && 'fieldsArray' in resolvedType);
}

/** The first value of each enum stands for an absent one; nobody needs to write it. */
function enumOf({ values, fullName }: Enum, direction: Direction): JsonSchema {
  const names = Object.keys(values);
  const explained = names
    .map((name) => [name, commentOn(`${fullName}.${name}`)] as const)
    .filter(([, comment]) => comment !== undefined);
  const list = explained.map(([name, comment]) => `- \`${name}\`: ${comment?.replaceAll('\n', ' ')}`);
  const description = [commentOn(fullName), list.join('\n')].filter(Boolean).join('\n\n');
  return {
    type: 'string',
    enum: direction === 'input' ? names.filter((name) => values[name] !== 0) : names,
    ...described(description || undefined),
  };
}

function described(description: string | undefined): JsonSchema {
  return description === undefined ? {} : { description };
}

/** The comment on the field, else what is always meant by its name; a message or an enum explains itself. */
function meaningOf(field: Field): string | undefined {
  const protoName = snakeCase(jsonFieldName(field));
  return commentOn(`${field.parent?.fullName}.${protoName}`) ?? (isExplained(field) ? undefined : meanings[protoName]);
}

function isExplained({ resolvedType }: Field): boolean {
  return resolvedType !== null && !isTime(resolvedType) && !isFieldMask(resolvedType);
}

/** The comment in the proto files on a message, field, value or method, with the names that fields have in JSON. */
export function commentOn(fullName: string): string | undefined {
  const comment = comments[fullName.replace(/^\./, '')];
  return comment?.replace(/`[a-z0-9_.]+`/g, camelCase);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const patterns: Readonly<Record<string, RegExp>> = {
  device_id: deviceIdPattern,
  node_id: nodeIdPattern,
  distribution_point_id: nodeIdPattern,
  command_id: uniqueIdPattern,
  group_push_id: uniqueIdPattern,
};

/** Meanings of fields that have one wherever they stand. */
const meanings: Readonly<Record<string, string>> = {
  boot_id: 'Names one life of the process; another one after each start.',
  accepted_at: 'When the balancer had taken it.',
  at: 'When it was so.',
  bytes_from_device: 'Of a tunnel that has ended.',
  capacity: 'How many links it can hold.',
  collapse_key: 'The command takes the place of one with the same key that still waits for the device.',
  command_id: 'Id of the command.',
  counters: 'Values of counters, by their names.',
  created_at: 'When it was made.',
  deadline: 'What is left by then is closed. Up to a day; absent or 0: 5 minutes.',
  deliver_by: 'When it is to be with the device.',
  deliver_within: 'Of direct commands, as of a single one.',
  delivered_at: 'When the device had confirmed it.',
  device_id: 'Id of the managed device.',
  devices: 'How many devices.',
  distribution_point_id: 'Id of the distribution point, which is that of its push server.',
  durable: 'It is kept in the registry, and waits for its device.',
  epoch: 'Number of the session: greater than that of every earlier one of the device.',
  finish_by: 'When it is to have ended.',
  finish_within: 'From acceptance to the result, as of a single command.',
  from_node_id: 'Push server that devices leave.',
  group: 'Path of an administration group.',
  group_push_id: 'Id of the group push.',
  idempotency_key: 'A second request with the same key does nothing, and is answered as the first.',
  live: 'Links that are up.',
  links: 'How many links were up.',
  maintenance_id: 'Id of this drain or restart.',
  moved_devices: 'How many devices have been moved.',
  name: 'Name of the API token.',
  new_path: 'Path that the group is to have.',
  node_id: 'Id of the push server, which is that of its distribution point.',
  opened_at: 'When it began.',
  page_token: '`nextPageToken` of the page before; empty: the first page.',
  path: 'Path of the administration group: `HQ/Floor 2`, in a URL `HQ%2FFloor%202`.',
  paths: 'Names of fields.',
  port: 'Push server port.',
  address: 'Address for remote hosts.',
  reason: 'Why, in words.',
  rebalance_id: 'Id of this rebalance.',
  rolling_restart_id: 'Id of this rolling restart.',
  resume_token: 'A watch that is given it goes on after this event.',
  routed_at: 'When it was on its way to the worker that holds the link.',
  running_at: 'When the device said that it runs.',
  sample_time: 'When it was so.',
  spread: 'Largest load of a push server by the mean: 1 is even.',
  started_at: 'When it began.',
  task_id: 'Id of the task.',
  time: 'When it happened.',
  to_node_id: 'Push server that devices are told to go to.',
  tunnel_id: 'Id of the tunnel.',
  weight: 'How much of the load it gets beside others of the same size, in percent.',
  worker_id: 'Place of the process in its push server; a restarted one keeps it.',
};
