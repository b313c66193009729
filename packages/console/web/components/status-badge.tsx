import './status-badge.css';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'none';

/** A state in one or two words; its colour only repeats what the words say. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** A badge whose text is told to who listens whenever it becomes another one. @param of What is in that state: "Link" */
export function LiveStatus({ of, children }: { of: string; children: ReactNode }) {
  return (
    <span role="status">
      <span className="said">{of}: </span>
      {children}
    </span>
  );
}

/** Whether a device has a link. */
export function PresenceBadge({ isConnected }: { isConnected: boolean }) {
  return <StatusBadge tone={isConnected ? 'good' : 'none'}>{isConnected ? 'Connected' : 'Away'}</StatusBadge>;
}
