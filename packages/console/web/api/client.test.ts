import { afterEach, expect, it, vi } from 'vitest';
import { client } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

it('ends the session for which a request is refused, and none that was begun meanwhile', async () => {
  const ended = vi.fn();
  client.onSessionEnd = ended;
  client.csrfToken = 'first';
  const answers: ((answer: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
  const refuse = () => answers.shift()?.(new Response('{"code":"SESSION_EXPIRED","detail":"over"}', { status: 401 }));
  const late = expect(client.get('/v1/devices')).rejects.toThrow('over');
  client.csrfToken = 'second';
  refuse();
  await late;
  expect(ended).not.toHaveBeenCalled();
  const prompt = expect(client.get('/v1/devices')).rejects.toThrow('over');
  refuse();
  await prompt;
  expect(ended).toHaveBeenCalledOnce();
});
