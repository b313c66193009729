import { once } from 'node:events';
import http2, { type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { FrameReader, frameType, openingFrames } from './frames.ts';
import { readHeaderBlock } from './header-block.ts';

/** The header block by which Node.js answers with these headers. */
async function blockOf(headers: OutgoingHttpHeaders): Promise<Buffer> {
  const server = http2.createServer();
  server.on('stream', (stream: ServerHttp2Stream) => stream.respond(headers));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const path = `/${'long/'.repeat(60)}`;
  const opening = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'here'],
  ] as const;
  socket.write(openingFrames(opening));
  return new Promise((resolve) => {
    const frames = new FrameReader((type, _flags, payload) => {
      if (type === frameType.headers) resolve(Buffer.from(payload));
    });
    socket.on('data', (chunk: Buffer) => frames.read(chunk));
  });
}

const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));

it('reads every character that a header may have, as Node.js writes it', async () => {
  // Beside many of the shortest codes each of them is Huffman-coded.
  const headers = Object.fromEntries(printable.map((symbol, at) => [`x-${at}`, `${'a'.repeat(30)} ${symbol}${at}`]));
  const block = await blockOf({ ...headers, 'content-type': 'application/grpc', date: 'now' });
  expect(Object.fromEntries(readHeaderBlock(block))).toEqual(headers);
});

it.each([
  ['f1e3c2e5f23a6ba0ab90f4ff', 'www.example.com'],
  ['d07abe941054d444a8200595040b8166e082a62d1bff', 'Mon, 21 Oct 2013 20:13:21 GMT'],
  ['9d29ad171863c78f0b97c8e9ae82ae43d3', 'https://www.example.com'],
])('reads %s as RFC 7541 does', (hex, text) => {
  const value = Buffer.from(hex, 'hex');
  const block = Buffer.concat([Buffer.from('0001', 'hex'), Buffer.from('n'), Buffer.of(0x80 | value.length), value]);
  expect(readHeaderBlock(block)).toEqual(new Map([['n', text]]));
});

it.each([
  ['a text beyond the block', '00016e05'],
  ['a length beyond the block', '00016e7fffffff7f'],
  ['a symbol that no header has', '00016e84ffffffff'],
  ['a text that ends within a symbol', '00016e8100'],
])('refuses %s', (_name, hex) => {
  expect(() => readHeaderBlock(Buffer.from(hex, 'hex'))).toThrow(RangeError);
});
