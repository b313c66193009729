import './load-bar.css';
import type { ReactNode } from 'react';
import { ProgressBar as AriaProgressBar, Meter } from 'react-aria-components';

export interface LoadBarProps {
  label: string;
  value: number;
  /** 0: the bar stays empty. */
  max: number;
  tone?: 'accent' | 'good' | 'warn' | 'bad';
  /** Beside the bar. */
  children?: ReactNode;
}

/** How much of something is used. */
export function LoadBar({ label, value, max, tone = 'accent', children }: LoadBarProps) {
  return (
    <Meter className="load" aria-label={label} value={value} maxValue={Math.max(max, 1)}>
      {({ percentage }) => <Bar percentage={percentage} tone={tone} text={children} />}
    </Meter>
  );
}

/** How far something has come. */
export function ProgressBar({ label, value, max, tone = 'accent', children }: LoadBarProps) {
  return (
    <AriaProgressBar className="load" aria-label={label} value={value} maxValue={Math.max(max, 1)}>
      {({ percentage = 0 }) => <Bar percentage={percentage} tone={tone} text={children} />}
    </AriaProgressBar>
  );
}

/** Little is drawn as little, not as nothing. */
const leastShare = 0.015;

function Bar({ percentage, tone, text }: { percentage: number; tone: string; text: ReactNode }) {
  return (
    <>
      <div className="load-track">
        <div
          className="load-fill"
          data-tone={tone}
          style={{ transform: `scaleX(${percentage === 0 ? 0 : Math.max(percentage / 100, leastShare)})` }}
        />
      </div>
      <span className="soft">{text}</span>
    </>
  );
}
