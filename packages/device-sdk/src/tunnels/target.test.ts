import { parseTarget } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { AllowList } from './target.ts';

describe('AllowList', () => {
  it.each([
    [['127.0.0.1:22'], '127.0.0.1:22', true],
    [['127.0.0.1:22'], '127.0.0.1:23', false],
    [['127.0.0.1:22'], '127.0.0.2:22', false],
    [['Printer.lan:9100'], 'printer.LAN:9100', true],
    [['localhost:22'], '127.0.0.1:22', false],
    [['localhost:*'], 'localhost:8080', true],
    [['localhost:*'], 'other:8080', false],
    [['*:22'], 'anything:22', true],
    [['*:22'], 'anything:23', false],
    [['*:*'], '[::1]:5432', true],
    [['[::1]:22'], '[::1]:22', true],
    [[], '127.0.0.1:22', false],
  ])('%j on %s: %s', (entries, target, permitted) => {
    expect(new AllowList(entries).permits(parseTarget(target))).toBe(permitted);
  });

  it.each(['22', 'host', '*', 'host:0', 'host:70000', 'ho st:22', '*.lan:22'])('refuses the entry %j', (entry) => {
    expect(() => new AllowList(['a:1', entry])).toThrow(/tunnels\.allow\[1\]: must be host:port/);
  });
});
