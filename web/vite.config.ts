import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const apiUrl = process.env.TIEBEAM_API_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The service's CSP allows no data: scripts or fonts, and small files are cached well as they are.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the CSP forbids; every target browser preloads by itself.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': apiUrl } },
});
