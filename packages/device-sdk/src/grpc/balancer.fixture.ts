import { Server, type sendUnaryData } from '@grpc/grpc-js';
import { type device, PushfleetError, toStatus } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import type { TestBalancer } from '../balancer.fixture.ts';
import { listen } from './push-server.fixture.ts';

export async function startGrpcBalancer(
  answer: TestBalancer['answer'],
  tls?: { cert: string; key: string },
): Promise<TestBalancer> {
  const server = new Server();
  const state: TestBalancer = {
    url: '',
    asked: [],
    answer,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
  server.addService(AssignmentService.service, {
    Assign: (call: { request: device.AssignRequest }, done: sendUnaryData<device.AssignResponseInit>) => {
      const { deviceId, secret = '', unreachableNodeIds } = call.request;
      state.asked.push({ deviceId, secret, unreachableNodeIds });
      const given = state.answer();
      if (given instanceof PushfleetError) done(toStatus(given));
      else done(null, given);
    },
  });
  const port = await listen(server, tls);
  state.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return state;
}
