import './data-table.css';
import './live-log.css';
import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LiveList } from '../api/live-list.ts';
import { formatInteger } from '../app/format.ts';
import { Button } from './button.tsx';
import { LiveStatus, StatusBadge, type Tone } from './status-badge.tsx';

export interface LiveLogProps<Event> {
  /** For who does not see it. */
  label: string;
  list: LiveList<Event>;
  columns: readonly string[];
  /** Its rows: each has as many cells as there are columns. */
  children: ReactNode;
}

const states: Record<LiveList<unknown>['state'], [tone: Tone, text: string]> = {
  connecting: ['busy', 'Connecting'],
  live: ['good', 'Live'],
  broken: ['warn', 'Interrupted; goes on by itself'],
};

/** A list that grows at its top while somebody looks. */
export function LiveLog<Event>({ label, list, columns, children }: LiveLogProps<Event>) {
  const [tone, text] = states[list.state];
  return (
    <div className="stack">
      <div className="row">
        <LiveStatus of={label}>
          <StatusBadge tone={list.isPaused ? 'none' : tone}>{list.isPaused ? 'Paused' : text}</StatusBadge>
        </LiveStatus>
        <Button onPress={() => list.setPaused(!list.isPaused)}>
          {list.isPaused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
          {list.isPaused ? 'Follow' : 'Pause'}
        </Button>
        {list.isPaused && list.waiting > 0 && <span className="soft">{formatInteger(list.waiting)} wait</span>}
      </div>
      {list.missed !== undefined && (
        <p className="message message-warn" role="alert">
          Events are missing here: {list.missed}
        </p>
      )}
      <div className="table-frame">
        <table className="live-log" aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
        {list.events.length === 0 && (
          <p className="table-empty">
            {list.hasOthers
              ? 'Nothing of what has happened since this page was opened fits the filters.'
              : 'Nothing has happened since this page was opened.'}
          </p>
        )}
      </div>
    </div>
  );
}
