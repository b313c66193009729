import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/console/',
  plugins: [react(), precompress()],
  build: { outDir: '../dist/static', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Beside a cluster that runs: `npx vite` in this directory shows changes at once.
  // The host stays as the browser has it: writes from another site's page are refused by it.
  server: {
    proxy: { '/v1': { target: process.env.PUSHFLEET_CONSOLE_API ?? 'http://127.0.0.1:13003', changeOrigin: false } },
  },
});
