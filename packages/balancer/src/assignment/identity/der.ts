/** One element of DER (X.690): its tag, its content, and all of its bytes. */
export interface DerElement {
  tag: number;
  content: Buffer;
  bytes: Buffer;
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** The elements of which `bytes` is made, one behind the other. @throws RangeError */
export function readElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = readElement(bytes, at);
    elements.push(element);
    at += element.bytes.length;
  }
  return elements;
}

/** @throws RangeError */
function readElement(bytes: Buffer, at: number): DerElement {
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  // X.690, 8.1.3.5; none of what is read here needs more than four bytes.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80) throw new RangeError('a length that is none');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const begin = at + 2 + lengthBytes;
  if (begin + length > bytes.length) throw new RangeError('an element that is longer than what it is in');
  return { tag, content: bytes.subarray(begin, begin + length), bytes: bytes.subarray(at, begin + length) };
}
