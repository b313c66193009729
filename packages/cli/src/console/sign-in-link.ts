/** The console at the balancer with this admin address, `host:port`. Plain HTTP is for this machine alone. */
export function consoleOrigin(adminAddress: string, restPort: number): string {
  const host = adminAddress.replace(/:\d+$/, '');
  const isLocal = host === 'localhost' || host === '[::1]' || /^127\./.test(host);
  return `${isLocal ? 'http' : 'https'}://${host}:${restPort}`;
}

/** The link by which a browser signs in with a one-time code. */
export function signInLink(origin: string, code: string): string {
  return `${origin}/console/sign-in?code=${encodeURIComponent(code)}`;
}
