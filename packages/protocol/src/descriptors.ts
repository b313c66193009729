import { createRequire } from 'node:module';
import type { Root } from 'protobufjs';
import type { IDescriptorProto, IFileDescriptorSet } from 'protobufjs/ext/descriptor/index.js';
import { descriptorSet } from './gen/descriptor-set.ts';

// The extension is CommonJS and hangs itself onto the protobufjs that it requires.
const require = createRequire(import.meta.url);
const descriptor = require('protobufjs/ext/descriptor') as {
  FileDescriptorSet: { decode(bytes: Uint8Array): IFileDescriptorSet };
};
const { Root: RootClass } = require('protobufjs') as { Root: { fromDescriptor(set: IFileDescriptorSet): Root } };

/** All of proto/, with field names as the proto files have them (`command_id`). */
export const protoDescriptors: IFileDescriptorSet = descriptor.FileDescriptorSet.decode(
  Buffer.from(descriptorSet, 'base64'),
);

/** All of proto/, with field names as JSON and TypeScript have them (`commandId`). */
export const jsonDescriptors: IFileDescriptorSet = {
  file: (protoDescriptors.file ?? []).map((file) => ({
    ...file,
    messageType: (file.messageType ?? []).map(withJsonNames),
  })),
} as IFileDescriptorSet;

/** Message types by full name, e.g. for payloads that travel outside gRPC. */
export function loadTypes(): Root {
  const root = RootClass.fromDescriptor(jsonDescriptors);
  root.resolveAll();
  return root;
}

function withJsonNames(message: IDescriptorProto): IDescriptorProto {
  return {
    ...message,
    field: (message.field ?? []).map((field) => ({ ...field, name: field.jsonName ?? field.name ?? '' })),
    nestedType: (message.nestedType ?? []).map(withJsonNames),
  } as IDescriptorProto;
}
