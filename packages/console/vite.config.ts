import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  build: { outDir: '../dist/static', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Beside a cluster that runs: `npx vite` in this directory shows changes at once.
  server: { proxy: { '/v1': process.env.PUSHFLEET_CONSOLE_API ?? 'http://127.0.0.1:13003' } },
});
