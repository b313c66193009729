// The proto files as buf reads them, with their comments.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Field {
  name: string;
  type: string;
  typeName?: string;
  label: string;
  oneofIndex?: number;
  /** lowerCamelCase, as protobuf's JSON mapping has it. */
  jsonName: string;
}
export interface Enum {
  name: string;
  value: { name: string; number?: number }[];
}
export interface Message {
  name: string;
  field?: Field[];
  nestedType?: { name: string; options?: { mapEntry?: boolean }; field: Field[] }[];
  oneofDecl?: { name: string }[];
}
export interface Method {
  name: string;
  inputType: string;
  outputType: string;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
}
export interface ProtoFile {
  name: string;
  package: string;
  service?: { name: string; method?: Method[] }[];
  messageType?: Message[];
  enumType?: Enum[];
  sourceCodeInfo: { location: { path?: number[]; leadingComments?: string }[] };
}

/** @param root Directory with buf.yaml. */
export function readProtoFiles(root: string): ProtoFile[] {
  const buf = join(root, 'node_modules/.bin/buf');
  const image = execFileSync(buf, ['build', '-o', '-#format=json'], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(image.toString()) as { file: ProtoFile[] }).file;
}
