import type { DistributionPoint, PushServerSettings } from '../../api/messages.ts';

/** Settings that the properties dialog shows and changes. */
export interface Settings {
  enabled: boolean;
  port: number;
  address: string;
  maxConnections: number;
  groups: readonly string[];
}

export type SettingName = keyof Settings;

export const settingLabels: Readonly<Record<SettingName, string>> = {
  enabled: 'Run push server',
  port: 'Push server port',
  address: 'Address for remote hosts',
  maxConnections: 'Max connections',
  groups: 'Scope',
};

/** Fields by which the problems of the API name the settings. */
export const settingFields: Readonly<Record<SettingName, string>> = {
  enabled: 'pushServer.enabled',
  port: 'pushServer.port',
  address: 'pushServer.address',
  maxConnections: 'pushServer.maxConnections',
  groups: 'groups',
};

const names = Object.keys(settingLabels) as SettingName[];

/** Proposed for a distribution point that has never run a push server. */
const defaults = { enabled: false, port: 13_295, address: '', maxConnections: 50_000 } as const;

export function settingsOf({ groups, pushServer }: Pick<DistributionPoint, 'groups' | 'pushServer'>): Settings {
  const { enabled, port, address, maxConnections } = pushServer ?? defaults;
  return {
    ...{ enabled, address, groups },
    port: port === 0 ? defaults.port : port,
    maxConnections: maxConnections === 0 ? defaults.maxConnections : maxConnections,
  };
}

/** The distribution point with these settings; what the dialog does not show stays as it is. */
export function withSettings(point: Partial<DistributionPoint>, settings: Settings): Partial<DistributionPoint> {
  const { groups, ...pushServer } = settings;
  return { groups: [...groups], pushServer: { ...point.pushServer, ...pushServer } as PushServerSettings };
}

/** A setting that somebody else has changed meanwhile. */
export interface SettingChange {
  name: SettingName;
  mine: Settings[SettingName];
  theirs: Settings[SettingName];
  /** Both have changed it, to different values: somebody has to choose. */
  isConflict: boolean;
}

export interface Merge {
  /** Mine where I have changed something, else theirs. */
  settings: Settings;
  changes: SettingChange[];
}

/** Puts two people's changes of the same settings together. @param base As they were before both */
export function mergeSettings(base: Settings, mine: Settings, theirs: Settings): Merge {
  const changed = names.filter((name) => !isSame(base[name], theirs[name]));
  const settings = { ...mine };
  const changes = changed.map((name): SettingChange => {
    const isMineToo = !isSame(base[name], mine[name]);
    const isConflict = isMineToo && !isSame(mine[name], theirs[name]);
    if (!isMineToo) Object.assign(settings, { [name]: theirs[name] });
    return { name, mine: mine[name], theirs: theirs[name], isConflict };
  });
  return { settings, changes };
}

/** For people. */
export function formatSetting(value: Settings[SettingName]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.length === 0 ? 'no group' : value.join(', ');
  return value === '' ? 'empty' : String(value);
}

export function isSame(one: Settings[SettingName], other: Settings[SettingName]): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.length === other.length && one.every((path) => other.includes(path));
}
