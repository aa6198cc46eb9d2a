/*
 * vite.config.ts - how the page is built: two entries (the page, the API document), one folder of
 * hashed assets, no inline script. For development the API of a running server is passed through.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: { index: 'index.html', docs: 'docs.html' } },
  },
  server: {
    proxy: {
      '/api': process.env.SENDINGO_URL ?? 'http://127.0.0.1:8080',
      '/r': process.env.SENDINGO_URL ?? 'http://127.0.0.1:8080',
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
