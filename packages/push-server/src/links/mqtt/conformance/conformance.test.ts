import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConformanceCase } from './conformance-case.fixture.ts';
import { connectCases } from './connect-cases.fixture.ts';
import { type LinkServer, startLinkServer } from './link-server.fixture.ts';
import { otherCases } from './other-cases.fixture.ts';
import { pubackCases, publishCases } from './publish-cases.fixture.ts';
import { pingreq } from './raw-packets.fixture.ts';
import { StrictClient } from './strict-client.fixture.ts';
import { subscribeCases } from './subscribe-cases.fixture.ts';

/** A reason, and behind it the rule that was broken: `reason: rule [clause]`. */
function saysOneThingTwice(text: string): boolean {
  const [reason = '', ...rest] = text.toLowerCase().split(': ');
  const rule = rest.join(': ').replace(/ \[[^\]]*\]$/, '');
  return rule !== '' && (rule.startsWith(reason) || reason.startsWith(rule));
}

describe('an MQTT link keeps to the specification', () => {
  let server: LinkServer;
  let lastDevice = 0;

  beforeAll(async () => {
    server = await startLinkServer();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  /** Packets in short, and how the connection stands in the end. A last PINGREQ tells that it is open. */
  async function play({ version, send, expected }: ConformanceCase): Promise<string[]> {
    using client = new StrictClient(server.port, version);
    lastDevice += 1;
    client.write(...send(`d${lastDevice}`), pingreq);
    const pings = expected.filter((one) => one === 'PINGRESP').length;
    const answered = await client.receive('pingresp', pings + 1);
    const reasons = client.received.flatMap(({ properties }) => properties.reasonString ?? []);
    expect(reasons.filter(saysOneThingTwice)).toEqual([]);
    if (answered.length <= pings) return [...client.brief, 'closed'];
    return [...client.brief.slice(0, -1), 'open'];
  }

  describe.each([
    ['CONNECT', connectCases],
    ['PUBLISH', publishCases],
    ['PUBACK', pubackCases],
    ['SUBSCRIBE and UNSUBSCRIBE', subscribeCases],
    ['everything else', otherCases],
  ])('%s', (_, cases) => {
    it.each(cases.map((one) => ({ ...one, of: one.version === 5 ? '5' : '3.1.1' })))(
      '[$clause] of MQTT $of: $what',
      async (one) => {
        expect(await play(one)).toEqual(one.expected);
      },
    );
  });

  it('at no cost of exceptions', () => {
    expect([...server.barrier.faults]).toEqual([]);
  });
});
