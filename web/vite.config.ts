import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** The server that the pages talk to while they are developed. */
const server = process.env.ROUNDHOUSE_URL ?? 'http://127.0.0.1:8080'

type Locked = { version?: string; license?: string; dev?: boolean }

/** What comes with the pages from npm, and its licences, from the lock file: `virtual:npm-licences`. */
function npmLicences() {
  const id = 'virtual:npm-licences'
  return {
    name: 'npm-licences',
    resolveId: (wanted: string) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted: string) => {
      if (wanted !== `\0${id}`) return undefined
      const lock: { packages: Record<string, Locked> } = JSON.parse(
        readFileSync(new URL('./package-lock.json', import.meta.url), 'utf8'),
      )
      const shipped = Object.entries(lock.packages)
        .filter(([path, { dev }]) => path !== '' && !dev)
        .map(([path, { version, license }]) => ({
          name: path.replace(/^.*node_modules\//, ''),
          version,
          licence: license,
        }))
      return `export default ${JSON.stringify(shipped)}`
    },
  }
}

export default defineConfig({
  plugins: [
    npmLicences(),
    tanstackRouter({ target: 'react', autoCodeSplitting: true }),
    react(),
    tailwindcss(),
  ],
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
