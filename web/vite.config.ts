import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** The server that the pages talk to while they are developed. */
const server = process.env.ROUNDHOUSE_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [tanstackRouter({ target: 'react', autoCodeSplitting: true }), react(), tailwindcss()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: {
    // The schema of the configuration is in docs.
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/api/', '/v1/', '/v1beta/', '/proxy/', '^/health$', '/ready', '/docs', '/openapi.json'].map(
        (path) => [path, server],
      ),
    ),
  },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { environment: 'jsdom', setupFiles: ['src/test-setup.ts'], include: ['src/**/*.test.{ts,tsx}'] },
})
