import { createRequire } from 'node:module';
import { makeClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { MapField, Method, Root, Service, Type } from 'protobufjs';
import type { IDescriptorProto, IFileDescriptorProto, IFileDescriptorSet } from 'protobufjs/ext/descriptor/index.js';
import { sharedDescriptors } from './gen/shared-descriptors.ts';
import { fieldName, mapTimeFields } from './time-fields.ts';

// The extension is CommonJS and hangs itself onto the protobufjs that it requires.
const require = createRequire(import.meta.url);
const descriptor = require('protobufjs/ext/descriptor') as {
  FileDescriptorSet: { decode(bytes: Uint8Array): IFileDescriptorSet };
  FileDescriptorProto: { encode(file: object): { finish(): Uint8Array } };
};
const { Root: RootClass, MapField: MapFieldClass } = require('protobufjs') as {
  Root: { fromDescriptor(set: IFileDescriptorSet): Root };
  MapField: typeof MapField;
};

/** Proto files, each after those that it imports. */
export type ProtoFiles = readonly IFileDescriptorProto[];

/** @param descriptors A serialized google.protobuf.FileDescriptorSet in base64. */
export function readProtoFiles(descriptors: string): ProtoFiles {
  return descriptor.FileDescriptorSet.decode(Buffer.from(descriptors, 'base64')).file ?? [];
}

/** The descriptors of the device API, of what others share with it, and of google.rpc. */
export const sharedFiles: ProtoFiles = readProtoFiles(sharedDescriptors);

/**
 * Message types by full name as they are on the wire, with field names as protobuf's JSON mapping has them (`commandId`). The
 * shared ones, and those of the files given.
 */
export function loadTypes(...more: ProtoFiles[]): Root {
  return rootOf(renamed([...sharedFiles, ...more.flat()], (_field, jsonName) => jsonName));
}

/** The same as TypeScript has them: fields of time are numbers of milliseconds, see time-fields.ts. */
export function loadMessages(...more: ProtoFiles[]): Root {
  const files = [...sharedFiles, ...more.flat()];
  const root = rootOf(renamed(files, fieldName));
  mapTimeFields(root, messagesOf(root, files));
  return root;
}

/** The shared message types as TypeScript has them, e.g. for payloads that travel outside gRPC. */
export const types: Root = loadMessages();

/** Client constructors of the services in the shared files and in those given, nested as their full names are. */
export function loadServices(...more: ProtoFiles[]): object {
  const root = loadMessages(...more);
  const nested: Nested = {};
  for (const { package: scope = '', service: services } of [...sharedFiles, ...more.flat()]) {
    for (const { name = '' } of services ?? []) {
      const fullName = `${scope}.${name}`;
      const client = makeClientConstructor(defineService(root.lookupService(fullName), fullName), fullName);
      scopeIn(nested, scope)[name] = client as unknown as Nested;
    }
  }
  return nested;
}

interface Nested {
  [name: string]: Nested;
}

function scopeIn(nested: Nested, scope: string): Nested {
  return scope.split('.').reduce((at, part) => {
    at[part] ??= {};
    return at[part];
  }, nested);
}

const conversion = { longs: Number, enums: String, defaults: true, oneofs: true };

function defineService({ methodsArray }: Service, fullName: string): ServiceDefinition {
  return Object.fromEntries(methodsArray.map((method) => [method.name, defineMethod(method, fullName)]));
}

function defineMethod({ name, resolvedRequestType, resolvedResponseType, ...method }: Method, service: string) {
  const [request, response] = [resolvedRequestType as Type, resolvedResponseType as Type];
  return {
    path: `/${service}/${name}`,
    originalName: `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: serializer(request),
    requestDeserialize: deserializer(request),
    responseSerialize: serializer(response),
    responseDeserialize: deserializer(response),
  };
}

function serializer(type: Type) {
  return (message: object) => type.encode(type.fromObject(message)).finish() as Buffer;
}

function deserializer(type: Type) {
  return (bytes: Buffer) => type.toObject(type.decode(bytes), conversion);
}

/**
 * The shared files and those given with the field names that they have (`command_id`), for servers that answer reflection. All of them
 * in one entry: the service decodes those of each entry anew.
 */
export function reflectPackages(...more: ProtoFiles[]): PackageDefinition {
  const fileDescriptorProtos = encodeFiles([...sharedFiles, ...more.flat()]);
  return { files: { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } };
}

/** Each file, as the compiler has written it. */
export function encodeFiles(files: ProtoFiles): Buffer[] {
  return files.map((file) => Buffer.from(descriptor.FileDescriptorProto.encode(file).finish()));
}

function messagesOf(root: Root, files: ProtoFiles): Type[] {
  return files.flatMap(({ package: scope, messageType: messages }) =>
    (messages ?? []).flatMap(({ name }) => withNested(root.lookupType(`${scope}.${name}`))),
  );
}

function withNested(type: Type): Type[] {
  const nested = type.nestedArray.filter((one): one is Type => 'fieldsArray' in one);
  return [type, ...nested.flatMap(withNested)];
}

function rootOf(files: ProtoFiles): Root {
  const root = RootClass.fromDescriptor({ file: [...files] } as IFileDescriptorSet);
  for (const { package: name, messageType } of files) {
    for (const message of messageType ?? []) restoreMaps(root.lookupType(`${name}.${message.name}`), message);
  }
  root.resolveAll();
  return root;
}

/** protobufjs reads a map field as what it is on the wire, a list of entries; this makes a map of it again. */
function restoreMaps(type: Type, message: IDescriptorProto): void {
  for (const entry of message.nestedType ?? []) {
    const nested = type.get(entry.name ?? '') as Type;
    if (!entry.options?.mapEntry) {
      restoreMaps(nested, entry);
      continue;
    }
    const field = type.fieldsArray.find((one) => one.type.endsWith(`.${message.name}.${entry.name}`));
    const [key, value] = [nested.fields.key, nested.fields.value];
    if (!field || !key || !value) throw new TypeError(`${type.fullName}: a map without key and value`);
    type.remove(field).remove(nested);
    type.add(new MapFieldClass(field.name, field.id, key.type, value.type));
    type.setOption('map_entry', undefined);
  }
}

type NameOf = (field: IFieldDescriptorProto, jsonName: string) => string;
type IFieldDescriptorProto = NonNullable<IDescriptorProto['field']>[number];

/** protobuf's own keep their names: loaders expect `type_url`. */
function renamed(files: ProtoFiles, nameOf: NameOf): ProtoFiles {
  return files.map((file) => {
    if (file.package === 'google.protobuf') return file;
    const messageType = (file.messageType ?? []).map((message) => renameFields(message, nameOf));
    return { ...file, messageType } as IFileDescriptorProto;
  });
}

function renameFields(message: IDescriptorProto, nameOf: NameOf): IDescriptorProto {
  return {
    ...message,
    field: (message.field ?? []).map((field) => ({
      ...field,
      name: nameOf(field, field.jsonName ?? field.name ?? ''),
    })),
    nestedType: (message.nestedType ?? []).map((nested) => renameFields(nested, nameOf)),
  } as IDescriptorProto;
}
