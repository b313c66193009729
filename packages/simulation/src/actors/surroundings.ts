import type { Network } from '../network/network.ts';
import type { SharedRegistry } from '../network/shared-registry.ts';
import type { World } from '../world/world.ts';

/** The world, its network and its registry, which all actors share. */
export interface Surroundings {
  world: World;
  network: Network;
  registry: SharedRegistry;
}

/** Administration groups, the first one above the others. */
export const groups = ['HQ', 'HQ/North', 'HQ/South'] as const;

export const ports = { device: 13_295, assign: 13_000, admin: 13_299, rest: 8_080 } as const;
/** A server that says what it hears, to which devices permit tunnels. */
export const echoAt = { address: '10.0.0.205', port: 7 } as const;
export const adminToken = 'simulation-admin-token-0123456789';
/** A certificate and its key that nobody verifies: there is no TLS in the virtual network. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBQDCB86ADAgECAhRaq3NG7eoUnExqaFzqykFmoXyGYTAFBgMrZXAwFTETMBEG
A1UEAwwKc2ltdWxhdGlvbjAgFw0yNjExMjYwODQzNDVaGA8yMTI2MTEwMjA4NDM0
NVowFTETMBEGA1UEAwwKc2ltdWxhdGlvbjAqMAUGAytlcAMhAFKfXCl78rFUX7vq
SgOFYQBBJPFqswXVbElFvePAuD97o1MwUTAdBgNVHQ4EFgQUc7yO8389KC5F91pp
rwb4CAYWpI8wHwYDVR0jBBgwFoAUc7yO8389KC5F91pprwb4CAYWpI8wDwYDVR0T
AQH/BAUwAwEB/zAFBgMrZXADQQCJ11UcCj8yXiPMdG8kBi74ldhIGu/rqZ8aPllj
UZah9NpIqZjby8tJBCWjX5pOdzXco/Xdxnzbe2T/zGvEYfYG
-----END CERTIFICATE-----
`;
