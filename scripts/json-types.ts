// Writes TypeScript types of the admin API's messages as the REST API shows them: protobuf's JSON mapping, where numbers of
// 64 bits are numbers, enums their names, times RFC 3339 and durations `2.5s`.
import type { Enum, Field, Message, ProtoFile } from './proto-image.ts';

const packages = ['pushfleet.common.v1', 'pushfleet.admin.v1'];

const scalars: Readonly<Record<string, string>> = {
  TYPE_STRING: 'string',
  TYPE_BYTES: 'string',
  TYPE_BOOL: 'boolean',
  '.google.protobuf.Timestamp': 'string',
  '.google.protobuf.Duration': 'string',
  '.google.protobuf.FieldMask': 'string',
  '.google.rpc.Status': '{ code: number; message: string }',
};

/** @returns The text of a TypeScript file. */
export function renderJsonTypes(files: readonly ProtoFile[]): string {
  const shown = files.filter((file) => packages.includes(file.package));
  const types = [
    ...shown.flatMap(({ enumType = [] }) => enumType.map(renderEnum)),
    ...shown.flatMap(({ messageType = [] }) => messageType.map(renderMessage)),
  ];
  const head = '// Made from proto/ by `npm run generate`: the messages of the REST API.';
  return `${[head, ...types.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))].join('\n\n')}\n`;
}

function nameOf(text: string): string {
  return /^export \w+ (\w+)/.exec(text)?.[1] ?? '';
}

function renderEnum({ name, value }: Enum): string {
  return `export type ${name} =\n${value.map((one) => `  | '${one.name}'`).join('\n')};`;
}

function renderMessage(message: Message): string {
  const fields = message.field ?? [];
  if (fields.length === 0) return `export type ${message.name} = Record<string, never>;`;
  const lines = fields.map(
    (field) => `  ${field.jsonName}${isOptional(message, field) ? '?' : ''}: ${typeOf(message, field)};`,
  );
  return `export interface ${message.name} {\n${lines.join('\n')}\n}`;
}

/** Lists, maps and plain values are always there. */
function isOptional(message: Message, field: Field): boolean {
  if (field.label === 'LABEL_REPEATED') return false;
  return field.oneofIndex !== undefined || (field.type === 'TYPE_MESSAGE' && entryOf(message, field) === undefined);
}

function typeOf(message: Message, field: Field): string {
  const value = entryOf(message, field)?.field[1];
  if (value) return `Record<string, ${single(value)}>`;
  return field.label === 'LABEL_REPEATED' ? `${single(field)}[]` : single(field);
}

function entryOf({ nestedType = [] }: Message, { typeName }: Field) {
  return nestedType.find(({ name, options }) => options?.mapEntry && typeName?.endsWith(`.${name}`));
}

function single({ type, typeName }: Field): string {
  return scalars[typeName ?? type] ?? typeName?.split('.').at(-1) ?? 'number';
}
