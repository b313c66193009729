import type { LinkKind } from '../../api/messages.ts';
import { formatLinkKind } from '../../app/format.ts';
import { labelsError, parseLabels } from '../../app/labels.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { fieldError } from '../../components/error-message.tsx';
import { GroupSelect } from '../../components/group-select.tsx';
import { TextField } from '../../components/text-field.tsx';

/** What people choose of a device, as it is typed. */
export interface DeviceDraft {
  group: string;
  linkKinds: readonly LinkKind[];
  /** As in `parseLabels`. */
  labels: string;
}

const linkKinds: readonly LinkKind[] = ['LINK_KIND_GRPC', 'LINK_KIND_MQTT'];

export interface DeviceFieldsProps {
  draft: DeviceDraft;
  onChange: (draft: DeviceDraft) => void;
  /** Of the last try. */
  error: unknown;
  /** Its first field has the focus first. */
  autoFocus?: boolean;
}

export function DeviceFields({ draft, onChange, error, autoFocus = false }: DeviceFieldsProps) {
  const setKind = (kind: LinkKind, isChosen: boolean) =>
    onChange({
      ...draft,
      linkKinds: linkKinds.filter((one) => (one === kind ? isChosen : draft.linkKinds.includes(one))),
    });
  return (
    <>
      <GroupSelect
        label="Group"
        value={draft.group}
        onChange={(group) => onChange({ ...draft, group })}
        error={fieldError(error, 'device.group')}
        autoFocus={autoFocus}
      />
      <TextField
        label="Labels"
        hint="key=value, one on a line"
        rows={3}
        value={draft.labels}
        onChange={(labels) => onChange({ ...draft, labels })}
        error={labelsError(draft.labels) ?? fieldError(error, 'device.labels')}
      />
      <fieldset className="field fieldset">
        <legend className="field-label">Links</legend>
        <div className="row">
          {linkKinds.map((kind) => (
            <Checkbox
              key={kind}
              isSelected={draft.linkKinds.includes(kind)}
              onChange={(isChosen) => setKind(kind, isChosen)}
            >
              {formatLinkKind(kind)}
            </Checkbox>
          ))}
        </div>
        <span className="field-hint">None chosen: it may be linked by either.</span>
      </fieldset>
    </>
  );
}

/** The draft as the API takes it; `undefined`: its labels cannot be read. */
export function readDraft({ group, linkKinds: kinds, labels }: DeviceDraft) {
  const parsed = parseLabels(labels);
  return 'labels' in parsed ? { group, linkKinds: [...kinds], labels: parsed.labels } : undefined;
}
