import { createRequire } from 'node:module';
import type { MapField, Root, Type } from 'protobufjs';
import type { IDescriptorProto, IFileDescriptorSet } from 'protobufjs/ext/descriptor/index.js';
import { descriptorSet } from './gen/descriptor-set.ts';

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

const allFiles = descriptor.FileDescriptorSet.decode(Buffer.from(descriptorSet, 'base64')).file ?? [];

/**
 * All proto files, with field names as JSON and TypeScript have them (`commandId`); but for protobuf's own, of which loaders
 * expect `type_url`.
 */
export const jsonDescriptors: IFileDescriptorSet = {
  file: allFiles.map((file) =>
    file.package === 'google.protobuf' ? file : { ...file, messageType: (file.messageType ?? []).map(withJsonNames) },
  ),
} as IFileDescriptorSet;

/** The public proto files, with field names as they have them (`command_id`). */
export const publicDescriptors: IFileDescriptorSet = {
  file: allFiles.filter((file) => !file.package?.startsWith('pushfleet.node.')),
} as IFileDescriptorSet;

/** Each public proto file, as the compiler has written it. */
export const publicFiles: Buffer[] = (publicDescriptors.file ?? []).map((file) =>
  Buffer.from(descriptor.FileDescriptorProto.encode(file).finish()),
);

/** Message types by full name, e.g. for payloads that travel outside gRPC. */
export function loadTypes(descriptors: IFileDescriptorSet = jsonDescriptors): Root {
  const root = RootClass.fromDescriptor(descriptors);
  for (const { package: name, messageType } of descriptors.file ?? []) {
    for (const message of messageType ?? []) restoreMaps(root.lookupType(`${name}.${message.name}`), message);
  }
  root.resolveAll();
  return root;
}

/** All message types, with field names as JSON and TypeScript have them. */
export const types: Root = loadTypes();

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

function withJsonNames(message: IDescriptorProto): IDescriptorProto {
  return {
    ...message,
    field: (message.field ?? []).map((field) => ({ ...field, name: field.jsonName ?? field.name ?? '' })),
    nestedType: (message.nestedType ?? []).map(withJsonNames),
  } as IDescriptorProto;
}
