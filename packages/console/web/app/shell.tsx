import './shell.css';
import {
  Activity,
  Gauge,
  KeyRound,
  Menu,
  MonitorSmartphone,
  Network,
  RadioTower,
  ScrollText,
  ServerCog,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { Button } from '../components/button.tsx';
import { Select } from '../components/select.tsx';
import { formatEnum } from './format.ts';
import { SignedIn, useSession, useSignOut } from './session.tsx';
import { type Theme, themes, useTheme } from './theme.ts';

const links = [
  { to: '/', label: 'Overview', Icon: Gauge },
  { to: '/distribution-points', label: 'Distribution points', Icon: ServerCog },
  { to: '/groups', label: 'Groups', Icon: Network },
  { to: '/devices', label: 'Devices', Icon: MonitorSmartphone },
  { to: '/events', label: 'Events', Icon: Activity },
  { to: '/audit', label: 'Audit', Icon: ScrollText },
  { to: '/tokens', label: 'Tokens', Icon: KeyRound },
] as const;

/** What stands around each page of who is signed in: the ways to the others, and the account. */
export function Shell() {
  useHeadingFocus();
  const isLoading = useNavigation().state === 'loading';
  return (
    <SignedIn>
      <ScrollRestoration />
      {isLoading && <div className="shell-loading" role="progressbar" aria-label="Loading the page" />}
      <div className="shell">
        <a className="shell-skip" href="#content">
          Skip to content
        </a>
        <Side />
        <main className="shell-main" id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </SignedIn>
  );
}

/** Another page begins at its heading, for the keyboard and for who listens, wherever the link to it was. */
function useHeadingFocus(): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    document.querySelector<HTMLElement>('#content h1')?.focus({ preventScroll: true });
  }, [pathname]);
}

function Side() {
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the menu of narrow screens
  useEffect(() => setOpen(false), [pathname]);
  return (
    <header className="shell-side" data-open={isOpen || undefined}>
      <div className="shell-head">
        <NavLink className="shell-brand" to="/">
          <RadioTower size={20} aria-hidden />
          pushfleet
        </NavLink>
        <Button
          className="shell-menu"
          kind="quiet"
          aria-label="Menu"
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          <Menu size={18} aria-hidden />
        </Button>
      </div>
      <nav aria-label="Pages">
        <ul className="shell-links">
          {links.map(({ to, label, Icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === '/'}>
                <Icon size={17} aria-hidden />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Account />
    </header>
  );
}

function Account() {
  const { apiToken } = useSession();
  const signOut = useSignOut();
  const [theme, setTheme] = useTheme();
  return (
    <div className="shell-account">
      <div>
        <strong>{apiToken.name}</strong>
        <div className="soft">
          {formatEnum(apiToken.role, 'ROLE')}
          {apiToken.scope !== '' && ` of ${apiToken.scope}`}
        </div>
      </div>
      <Select
        label="Theme"
        value={theme}
        onChange={(chosen) => setTheme(chosen as Theme)}
        options={themes.map((one) => ({ id: one, label: formatEnum(one, '') }))}
      />
      <Button onPress={() => void signOut()}>Sign out</Button>
    </div>
  );
}
