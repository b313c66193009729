import type { device as wire } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeResponse } from './response-encoding.ts';

const { responseSerialize, responseDeserialize } = DeviceLinkService.service.Connect;

const readsAsProtobuf = (response: wire.ConnectResponseInit) => {
  const expected = responseDeserialize(responseSerialize(response as wire.ConnectResponse));
  expect(responseDeserialize(encodeResponse(response))).toEqual(expected);
};

it('writes commands that read like those of protobufjs, whatever is in them', () => {
  const operation = fc.oneof(
    fc.constant({ forceSync: { reason: '' } }),
    fc.record({ runTask: fc.record({ taskId: fc.string(), parameters: fc.dictionary(fc.string(), fc.string()) }) }),
    fc.record({
      custom: fc.record({
        name: fc.string(),
        payload: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
      }),
    }),
  );
  const command = fc.record({
    commandId: fc.stringMatching(/^[a-zA-Z0-9-]{0,64}$/),
    operation,
    durable: fc.boolean(),
    redelivered: fc.boolean(),
    finishWithinMs: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 315_576_000_000_000, noNaN: true })),
  });
  fc.assert(fc.property(command, (one) => readsAsProtobuf({ command: one as wire.CommandInit })));
});

it('tells apart operations that follow one another', () => {
  const [one, other] = ['first', 'second'].map((reason) => ({ forceSync: { reason } }));
  for (const operation of [one, one, other, one])
    readsAsProtobuf({ command: { commandId: 'c', operation: operation as never } });
});

it.each<wire.ConnectResponseInit>([
  { welcome: { deviceId: 'd1', nodeId: 'dp-1', keepAliveMs: 30_000 } },
  { pong: {} },
  { cancel: { commandId: 'c1', reason: 'why' } },
])('leaves other responses to protobufjs: %j', readsAsProtobuf);
