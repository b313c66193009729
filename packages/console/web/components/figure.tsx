import './figure.css';
import type { ReactNode } from 'react';

/** Figures beside one another that say how things stand. */
export function Figures({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label}>
      <dl className="figures">{children}</dl>
    </section>
  );
}

export interface FigureProps {
  name: string;
  value: string;
  /** Smaller, below the value. */
  detail?: string;
}

export function Figure({ name, value, detail }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <span className="figure-value">{value}</span>
        {detail !== undefined && <span className="figure-detail">{detail}</span>}
      </dd>
    </div>
  );
}
