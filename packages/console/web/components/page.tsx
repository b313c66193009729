import './page.css';
import { Fragment, type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';

export interface PageProps {
  title: string;
  /** The page that this one belongs to. */
  parent?: { to: string; label: string };
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One page: its title in the browser's tab, too. */
export function Page({ title, parent, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · pushfleet`;
  }, [title]);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          {parent && (
            <nav className="page-crumbs" aria-label="Breadcrumbs">
              <Link to={parent.to}>{parent.label}</Link>
              <span aria-hidden>/</span>
            </nav>
          )}
          <h1 tabIndex={-1}>{title}</h1>
        </div>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export interface CardProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page, with a heading of its own. */
export function Card({ title, actions, children }: CardProps) {
  return (
    <section className="card" aria-label={title}>
      <div className="row spread">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names with their values. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
