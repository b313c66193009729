import { createRequire } from 'node:module';
import { type GrpcObject, loadPackageDefinition } from '@grpc/grpc-js';
import { fromJSON, type PackageDefinition } from '@grpc/proto-loader';
import type { MapField, Root, Type } from 'protobufjs';
import type { IDescriptorProto, IFileDescriptorProto, IFileDescriptorSet } from 'protobufjs/ext/descriptor/index.js';
import { sharedDescriptors } from './gen/shared-descriptors.ts';

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

/** What devices speak, what others share with them, and google.rpc. */
export const sharedFiles: ProtoFiles = readProtoFiles(sharedDescriptors);

/**
 * Message types by full name, e.g. for payloads that travel outside gRPC, with field names as JSON and TypeScript have them
 * (`commandId`). The shared ones, and those of the files given.
 */
export function loadTypes(...more: ProtoFiles[]): Root {
  return rootOf([...sharedFiles, ...more.flat()].map(withJsonNames));
}

/** The shared message types. */
export const types: Root = loadTypes();

/** Client constructors by full name, of the services in the shared files and in those given. */
export function loadServices(...more: ProtoFiles[]): GrpcObject {
  return loadPackageDefinition(packagesOf(loadTypes(...more)));
}

/** The shared files and those given with the field names that they have (`command_id`), for servers that answer reflection. */
export function reflectPackages(...more: ProtoFiles[]): PackageDefinition {
  const files = [...sharedFiles, ...more.flat()];
  // What the loader makes of its types is not what the compiler made of the files, above all not for maps.
  const fileDescriptorProtos = encodeFiles(files);
  return Object.fromEntries(
    Object.entries(packagesOf(rootOf(files))).map(([name, one]) => [
      name,
      'fileDescriptorProtos' in one ? { ...one, fileDescriptorProtos } : one,
    ]),
  ) as PackageDefinition;
}

/** Each file, as the compiler has written it. */
export function encodeFiles(files: ProtoFiles): Buffer[] {
  return files.map((file) => Buffer.from(descriptor.FileDescriptorProto.encode(file).finish()));
}

function packagesOf(root: Root): PackageDefinition {
  return fromJSON(root.toJSON(), { longs: Number, enums: String, defaults: true, oneofs: true });
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

/** protobuf's own keep theirs: loaders expect `type_url`. */
function withJsonNames(file: IFileDescriptorProto): IFileDescriptorProto {
  if (file.package === 'google.protobuf') return file;
  return { ...file, messageType: (file.messageType ?? []).map(renameFields) } as IFileDescriptorProto;
}

function renameFields(message: IDescriptorProto): IDescriptorProto {
  return {
    ...message,
    field: (message.field ?? []).map((field) => ({ ...field, name: field.jsonName ?? field.name ?? '' })),
    nestedType: (message.nestedType ?? []).map(renameFields),
  } as IDescriptorProto;
}
