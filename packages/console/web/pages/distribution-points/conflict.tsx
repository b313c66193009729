import { Button } from '../../components/button.tsx';
import { formatSetting, isSame, type SettingChange, type Settings, settingLabels } from './settings.ts';

export interface ConflictProps {
  changes: readonly SettingChange[];
  settings: Settings;
  onChoose: (change: Partial<Settings>) => void;
}

/** Another administrator's changes beside one's own, to choose from. */
export function Conflict({ changes, settings, onChoose }: ConflictProps) {
  return (
    <section className="message message-warn conflict" role="alert" aria-label="Changed meanwhile">
      <p>Somebody else has changed these settings meanwhile. Nothing of yours is lost: choose, then press OK again.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Theirs</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ name, mine, theirs, isConflict }) => (
            <tr key={name}>
              <th scope="row">{settingLabels[name]}</th>
              {isConflict ? (
                [theirs, mine].map((value, index) => (
                  <td key={index === 0 ? 'theirs' : 'mine'}>
                    <Button
                      aria-pressed={isSame(settings[name], value)}
                      aria-label={`${settingLabels[name]}: ${index === 0 ? 'take theirs' : 'keep mine'}, ${formatSetting(value)}`}
                      className="conflict-choice"
                      onPress={() => onChoose({ [name]: value })}
                    >
                      {formatSetting(value)}
                    </Button>
                  </td>
                ))
              ) : (
                <td colSpan={2}>{formatSetting(theirs)}; taken over</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
