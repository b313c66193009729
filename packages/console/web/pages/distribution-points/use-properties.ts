import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, Problem } from '../../api/client.ts';
import { busyNodesQuery, pointPath } from '../../api/fleet.ts';
import type { DistributionPoint } from '../../api/messages.ts';
import { fieldError } from '../../components/error-message.tsx';
import { type Following, followNode } from './follow-node.ts';
import {
  mergeSettings,
  type SettingChange,
  type SettingName,
  type Settings,
  settingFields,
  settingsOf,
  withSettings,
} from './settings.ts';

export interface Properties {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
  errorOf: (name: SettingName) => string | undefined;
  /** What was refused and is about no field that is shown. */
  error: unknown;
  changes: readonly SettingChange[];
  save: () => void;
  isSaving: boolean;
  /** `undefined`: nothing was saved, or something was changed since. */
  following: Following | undefined;
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

  const following =
    saved && nodes
      ? followNode(
          nodes.find(({ nodeId }) => nodeId === point.distributionPointId),
          saved,
        )
      : undefined;
  const errorOf = (name: SettingName) => {
    if (name === 'port' && following?.kind === 'port-in-use') return following.text;
    return fieldError(saving.error, settingFields[name]);
  };
  const isShown = (Object.keys(settingFields) as SettingName[]).some((name) => errorOf(name) !== undefined);
  return {
    ...{ settings, errorOf, changes, following },
    change: (change) => {
      setSettings((before) => ({ ...before, ...change }));
      setSaved(undefined);
      saving.reset();
    },
    error: saving.error === null || isShown || isOutdated(saving.error) ? undefined : saving.error,
    save: () => saving.mutate(settings),
    isSaving: saving.isPending,
  };
}

function isOutdated(error: unknown): boolean {
  return error instanceof Problem && error.status === 412;
}
