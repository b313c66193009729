import { I18nProvider, RouterProvider } from 'react-aria-components';
import { type NavigateOptions, Outlet, useHref, useNavigate } from 'react-router';
import { Notices } from '../components/notices.tsx';

declare module 'react-aria-components' {
  interface RouterConfig {
    routerOptions: NavigateOptions;
  }
}

/** What every page stands in: links of all components go through the router. */
export function Root() {
  const navigate = useNavigate();
  return (
    <I18nProvider>
      <RouterProvider navigate={(path, options) => void navigate(path, options)} useHref={useHref}>
        <Outlet />
        <Notices />
      </RouterProvider>
    </I18nProvider>
  );
}
