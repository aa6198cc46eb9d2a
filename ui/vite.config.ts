/*
 * vite.config.ts - how the page is built: two entries (the page, the API document), one folder of
 * hashed assets, no inline script. For development the API of a running server is passed through.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.SENDINGO_URL ?? 'http://127.0.0.1:8080';

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
    // changeOrigin would part Host from Origin, which the server takes for a foreign page.
    proxy: Object.fromEntries(['/api', '/r'].map((path) => [path, { target: server, changeOrigin: false }])),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
