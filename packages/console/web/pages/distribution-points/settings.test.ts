import { describe, expect, it } from 'vitest';
import { mergeSettings, type Settings, settingsOf, withSettings } from './settings.ts';

const base: Settings = { enabled: false, port: 13_295, address: '', maxConnections: 50_000, groups: ['HQ'] };

describe('settings of a distribution point', () => {
  it('has proposals where nothing is set', () => {
    expect(settingsOf({ groups: ['HQ'] })).toEqual(base);
  });

  it('leaves alone what the dialog does not show', () => {
    const pushServer = { ...base, weight: 50, addressCheck: 'ADDRESS_CHECK_OFF' as const };
    expect(withSettings({ pushServer }, { ...base, enabled: true }).pushServer).toMatchObject({
      ...{ weight: 50, addressCheck: 'ADDRESS_CHECK_OFF', enabled: true },
    });
  });
});

describe('settings that two people change', () => {
  it('takes over what only the other one has changed', () => {
    const { settings, changes } = mergeSettings(base, { ...base, port: 1 }, { ...base, address: 'push.example' });
    expect(settings).toEqual({ ...base, port: 1, address: 'push.example' });
    expect(changes).toEqual([{ name: 'address', mine: '', theirs: 'push.example', isConflict: false }]);
  });

  it('leaves mine, and names a conflict, where both have changed the same', () => {
    const { settings, changes } = mergeSettings(base, { ...base, port: 1 }, { ...base, port: 2 });
    expect(settings.port).toBe(1);
    expect(changes).toEqual([{ name: 'port', mine: 1, theirs: 2, isConflict: true }]);
  });

  it('has no conflict where both have changed it to the same', () => {
    expect(mergeSettings(base, { ...base, groups: ['A', 'B'] }, { ...base, groups: ['B', 'A'] }).changes).toEqual([
      { name: 'groups', mine: ['A', 'B'], theirs: ['B', 'A'], isConflict: false },
    ]);
  });
});
