import { loadTypes } from '@pushfleet/protocol';
import { adminFiles } from '@pushfleet/protocol/admin';
import { balancerFiles } from '@pushfleet/protocol/balancer';
import { nodeFiles } from '@pushfleet/protocol/node';
import { lengthDelimited, tagged, varint } from '../wire/protobuf.ts';
import type { Choices } from './choices.ts';
import { fuzzDevice } from './mqtt-grammar.ts';
import { mutate } from './mutate.ts';

const root = loadTypes(adminFiles, nodeFiles, balancerFiles);

/** Deeper messages than this are left empty. */
const maxDepth = 4;

/**
 * The wire form of a request of the method with this path, `/package.Service/Method`, with values that code tends to get wrong;
 * broken in one of four cases.
 */
export function requestMessage(path: string, choices: Choices): Buffer {
  const [, service = '', name = ''] = path.split('/');
  const method = root.lookupService(service).methods[name];
  method?.resolve();
  const bytes = encode(method?.resolvedRequestType as Type, choices, maxDepth);
  return choices.oneIn(4) ? mutate(bytes, choices) : bytes;
}

type Type = ReturnType<typeof root.lookupType>;
type Field = Type['fieldsArray'][number];

function encode(type: Type, choices: Choices, depth: number): Buffer {
  const fields = type.fieldsArray.filter(() => choices.oneIn(2));
  return Buffer.concat(
    fields.flatMap((field) => occurrences(field, choices).map(() => encodeField(field, choices, depth))),
  );
}

function occurrences(field: Field, choices: Choices): unknown[] {
  const often = field.repeated || field.map || choices.oneIn(20);
  return Array.from({ length: often ? choices.below(5) : 1 });
}

function encodeField(field: Field, choices: Choices, depth: number): Buffer {
  if (field.map) {
    const entry = [lengthDelimited(1, choices.text()), lengthDelimited(2, choices.text())];
    return lengthDelimited(field.id, Buffer.concat(entry));
  }
  const resolved = field.resolve().resolvedType;
  if (resolved && 'fieldsArray' in resolved) {
    return lengthDelimited(field.id, depth === 0 ? Buffer.alloc(0) : encode(resolved, choices, depth - 1));
  }
  if (field.type === 'string') return lengthDelimited(field.id, stringFor(field.name, choices));
  if (field.type === 'bytes') return lengthDelimited(field.id, choices.bytes(choices.below(64)));
  if (field.type === 'double') return tagged(field.id, 1, choices.bytes(8));
  if (field.type === 'float') return tagged(field.id, 5, choices.bytes(4));
  return tagged(field.id, 0, choices.oneIn(3) ? varint(choices.edge(32)) : varint(choices.below(8)));
}

/** Names that exist in half of the cases, so that calls get past their first check. None of them is of a device beside. */
function stringFor(name: string, choices: Choices): Buffer {
  if (choices.oneIn(2)) return choices.text();
  if (/device/i.test(name)) return Buffer.from(fuzzDevice);
  if (/group|path/i.test(name)) return Buffer.from(choices.pick(['Fuzz', 'Fuzz/A', 'Fuzz/A/B']));
  if (/node|point/i.test(name)) return Buffer.from('fuzz-point');
  return Buffer.from(choices.pick(['c1', 'd-1', '127.0.0.1:22', 'a-secret-of-the-fuzzer', 'fuzz']));
}
