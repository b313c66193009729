import { createBrowserRouter } from 'react-router';
import { Loading } from '../components/loading.tsx';
import { NotFound } from '../pages/not-found.tsx';
import { PageFailed } from '../pages/page-failed.tsx';
import { Root } from './root.tsx';
import { Shell } from './shell.tsx';

/** Each page is loaded when it is first shown, but the overview, where most visits begin. */
export const router = createBrowserRouter(
  [
    {
      Component: Root,
      ErrorBoundary: PageFailed,
      HydrateFallback: Loading,
      children: [
        { path: 'sign-in', lazy: async () => ({ Component: (await import('../pages/sign-in.tsx')).SignIn }) },
        {
          Component: Shell,
          children: [
            {
              ErrorBoundary: PageFailed,
              children: [
                {
                  index: true,
                  lazy: async () => ({ Component: (await import('../pages/overview/overview.tsx')).Overview }),
                },
                {
                  path: 'distribution-points',
                  lazy: async () => ({
                    Component: (await import('../pages/distribution-points/distribution-points.tsx'))
                      .DistributionPoints,
                  }),
                },
                {
                  path: 'distribution-points/:id',
                  lazy: async () => ({
                    Component: (await import('../pages/distribution-points/distribution-point.tsx')).DistributionPoint,
                  }),
                },
                {
                  path: 'rebalance',
                  lazy: async () => ({
                    Component: (await import('../pages/distribution-points/rebalance.tsx')).Rebalance,
                  }),
                },
                {
                  path: 'rolling-restart',
                  lazy: async () => ({
                    Component: (await import('../pages/distribution-points/rolling-restart.tsx')).RollingRestart,
                  }),
                },
                {
                  path: 'groups',
                  lazy: async () => ({ Component: (await import('../pages/groups/groups.tsx')).Groups }),
                },
                {
                  path: 'group-pushes/:id',
                  lazy: async () => ({ Component: (await import('../pages/groups/group-push.tsx')).GroupPush }),
                },
                {
                  path: 'devices',
                  lazy: async () => ({ Component: (await import('../pages/devices/devices.tsx')).Devices }),
                },
                {
                  path: 'devices/:deviceId',
                  lazy: async () => ({ Component: (await import('../pages/devices/device.tsx')).DevicePage }),
                },
                {
                  path: 'events',
                  lazy: async () => ({ Component: (await import('../pages/events/events.tsx')).Events }),
                },
                { path: 'audit', lazy: async () => ({ Component: (await import('../pages/events/audit.tsx')).Audit }) },
                {
                  path: 'tokens',
                  lazy: async () => ({ Component: (await import('../pages/tokens/tokens.tsx')).Tokens }),
                },
                { path: '*', Component: NotFound },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: '/console' },
);
