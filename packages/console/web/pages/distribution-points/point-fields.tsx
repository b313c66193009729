import { Checkbox } from '../../components/checkbox.tsx';
import { GroupTree } from '../../components/group-tree.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type SettingName, type Settings, settingLabels } from './settings.ts';

export interface PointFieldsProps {
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
  errorOf: (name: SettingName) => string | undefined;
  paths: readonly string[];
  isDisabled: boolean;
}

/** The section General of the properties of a distribution point. */
export function PointFields({ settings, onChange, errorOf, paths, isDisabled }: PointFieldsProps) {
  const { enabled, port, address, maxConnections, groups } = settings;
  const isOff = isDisabled || !enabled;
  return (
    <>
      <Checkbox
        isSelected={enabled}
        isDisabled={isDisabled}
        onChange={(chosen) => onChange({ enabled: chosen })}
        autoFocus
      >
        {settingLabels.enabled}
      </Checkbox>
      <div className="point-pair">
        <NumberField
          label={settingLabels.port}
          hint="Devices connect to it; 13295 by default."
          error={errorOf('port')}
          value={port}
          isDisabled={isOff}
          onChange={(value) => onChange({ port: Number.isNaN(value) ? 0 : value })}
        />
        <NumberField
          label={settingLabels.maxConnections}
          hint="Devices beyond it are sent elsewhere."
          error={errorOf('maxConnections')}
          value={maxConnections}
          isDisabled={isOff}
          onChange={(value) => onChange({ maxConnections: Number.isNaN(value) ? 0 : value })}
        />
      </div>
      <TextField
        label={settingLabels.address}
        hint="DNS name or IP address under which devices reach this host."
        error={errorOf('address')}
        value={address}
        isDisabled={isOff}
        onChange={(value) => onChange({ address: value })}
      />
      <fieldset className="point-scope">
        <legend>{settingLabels.groups}</legend>
        <p className="field-hint">Devices of these groups, and of those below them, come here.</p>
        <GroupTree
          label="Groups in scope"
          paths={paths}
          choice="many"
          selected={groups}
          isDisabled={isDisabled}
          onSelect={(chosen) => onChange({ groups: chosen })}
          empty="There are no groups yet."
        />
        {errorOf('groups') && (
          <p className="field-error" role="alert">
            {errorOf('groups')}
          </p>
        )}
      </fieldset>
    </>
  );
}
