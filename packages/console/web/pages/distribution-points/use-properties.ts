import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, Problem } from '../../api/client.ts';
import { busyNodesQuery, pointPath } from '../../api/fleet.ts';
import type { DistributionPoint } from '../../api/messages.ts';
import { fieldError } from '../../components/error-message.tsx';
import {
  mergeSettings,
  type SettingChange,
  type SettingName,
  type Settings,
  settingFields,
  settingsOf,
  withSettings,
} from './settings.ts';
import { type Uptake, uptakeOf } from './uptake.ts';

export interface Properties {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
  errorOf: (name: SettingName) => string | undefined;
  /** A refusal that is about no field that is shown. */
  error: unknown;
  changes: readonly SettingChange[];
  save: () => void;
  isSaving: boolean;
  /** `undefined`: nothing was saved, or something was changed since. */
  uptake: Uptake | undefined;
}

/** The settings of a distribution point while they are edited, saved, and taken up by its push server. */
export function useProperties(point: DistributionPoint): Properties {
  const queries = useQueryClient();
  const [base, setBase] = useState(point);
  const [settings, setSettings] = useState(() => settingsOf(point));
  const [changes, setChanges] = useState<readonly SettingChange[]>([]);
  const [saved, setSaved] = useState<Settings>();
  const { data: nodes } = useQuery({ ...busyNodesQuery, enabled: saved !== undefined });
  const path = pointPath(point.distributionPointId);

  const saving = useMutation({
    mutationFn: (wanted: Settings) =>
      client.request<DistributionPoint>('PUT', path, { body: withSettings(base, wanted), ifMatch: base.etag }),
    onSuccess: (stored, wanted) => {
      setBase(stored);
      setChanges([]);
      setSaved(wanted);
      void queries.invalidateQueries({ queryKey: ['distribution-points'] });
    },
    onError: async (error) => {
      if (!isOutdated(error)) return;
      const theirs = await client.get<DistributionPoint>(path);
      const merge = mergeSettings(settingsOf(base), settings, settingsOf(theirs));
      setBase(theirs);
      setSettings(merge.settings);
      setChanges(merge.changes);
    },
  });

  const uptake =
    saved && nodes
      ? uptakeOf(
          nodes.find(({ nodeId }) => nodeId === point.distributionPointId),
          saved,
        )
      : undefined;
  const errorOf = (name: SettingName) => {
    if (name === 'port' && uptake?.kind === 'port-in-use') return uptake.text;
    return fieldError(saving.error, settingFields[name]);
  };
  const isShown = (Object.keys(settingFields) as SettingName[]).some((name) => errorOf(name) !== undefined);
  return {
    ...{ settings, errorOf, changes, uptake },
    change: (change) => {
      setSettings((before) => ({ ...before, ...change }));
      // What was refused stays in sight until it is saved anew: a field takes its value as the button is pressed, and the
      // button must not move then.
      if (uptake?.kind !== 'port-in-use' && uptake?.kind !== 'failed') setSaved(undefined);
    },
    error: saving.error === null || isShown || isOutdated(saving.error) ? undefined : saving.error,
    save: () => saving.mutate(settings),
    isSaving: saving.isPending,
  };
}

function isOutdated(error: unknown): boolean {
  return error instanceof Problem && error.status === 412;
}
