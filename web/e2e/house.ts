import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type APIRequestContext, type Page, test as base, expect, request } from '@playwright/test'
import { startProvider } from './provider'

export { expect, request }
export type Language = 'en' | 'zh'
export const languages: Language[] = ['en', 'zh']

/** The administrator of every house. */
export const admin = { email: 'ada@example.com', password: 'correct-horse-battery' }

export type House = {
  /** Where the pages and the API are. */
  url: string
  /** Base URL of the fake provider, a key for it is `goodKey`. */
  provider: string
  /** The management API as the administrator. */
  api: APIRequestContext
  /** The set-up link's address, in houses without an administrator. */
  log: () => string
}

/** A server in a folder of its own, with an administrator unless `bare`. */
export async function open(bare = false): Promise<House & { close: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'roundhouse-e2e-'))
  const port = await freePort()
  const provider = await startProvider()
  const server = spawn(binary(), ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], {
    cwd: data,
    env: {
      PATH: process.env.PATH ?? '',
      ROUNDHOUSE_DEMO: '1',
      ...(bare ? {} : { ROUNDHOUSE_ADMIN_EMAIL: admin.email, ROUNDHOUSE_ADMIN_PASSWORD: admin.password }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  server.stdout.on('data', (piece) => (log += String(piece)))
  server.stderr.on('data', (piece) => (log += String(piece)))
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  let origin = `http://127.0.0.1:${port}`
  await until(
    async () => (await fetch(`${origin}/ready`)).ok,
    () => `the server did not start:\n${log}`,
  )
  // Pages that are worked on, without building the binary anew: E2E_PREVIEW=1 serves what `npm run build` made.
  const pages = process.env.E2E_PREVIEW ? await previewOf(origin) : undefined
  if (pages) origin = pages.url
  const anonymous = await request.newContext({ baseURL: origin })
  let token = ''
  if (!bare) {
    const login = await anonymous.post('/api/v1/auth/login', { data: admin })
    token = String((await login.json()).access_token)
  }
  await anonymous.dispose()
  const api = await request.newContext({
    baseURL: origin,
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  })
  return {
    url: origin,
    provider: provider.url,
    api,
    log: () => log,
    close: async () => {
      await api.dispose()
      await pages?.close()
      server.kill('SIGTERM')
      await ended
      provider.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

type Own = { language: Language; shot: (name: string) => Promise<void> }

/**
 * Tests with a house: `page` is logged in as the administrator, in the test's `language` (`test.use({ language: 'zh' })`).
 * `shot` keeps a picture among the artefacts and lets axe look at the page.
 */
export const test = base.extend<Own, { house: House }>({
  house: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const house = await open()
      await use(house)
      await house.close()
    },
    { scope: 'worker' },
  ],
  language: ['en', { option: true }],
  baseURL: async ({ house }, use) => use(house.url),
  page: async ({ page, language, house }, use) => {
    await page.addInitScript((chosen) => localStorage.setItem('roundhouse.language', chosen), language)
    await page.request.post(`${house.url}/api/v1/auth/login`, { data: admin })
    const wrong = watch(page)
    await use(page)
    expect(wrong, 'what the browser complained about').toEqual([])
  },
  shot: async ({ page, language }, use) => {
    await use((name) => look(page, `${name}-${language}`))
  },
})

/** Errors of scripts and of the content security policy. Answers with 4xx are the API's business. */
export function watch(page: Page): string[] {
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      wrong.push(message.text())
  })
  return wrong
}

/** A picture at each width, light and dark, and what axe finds serious (must be nothing). */
export async function look(page: Page, name: string) {
  for (const [width, height] of [
    [390, 844],
    [1024, 768],
    [1440, 900],
  ]) {
    await page.setViewportSize({ width: width ?? 0, height: height ?? 0 })
    for (const theme of ['dark', 'light']) {
      await page.evaluate((dark) => document.documentElement.classList.toggle('dark', dark), theme === 'dark')
      await page.screenshot({ path: `e2e/artefacts/${name}-${width}-${theme}.png`, animations: 'disabled' })
    }
  }
  const found = await new AxeBuilder({ page }).analyze()
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(told, `axe on ${name}`).toEqual([])
}

function binary(): string {
  const folder = process.env.CARGO_TARGET_DIR ?? 'target'
  return process.env.ROUNDHOUSE_BINARY ?? resolve('..', folder, 'debug/roundhouse')
}

async function previewOf(server: string) {
  const { preview } = await import('vite')
  const paths = ['/api/', '/v1/', '^/health$', '/ready']
  const proxy = Object.fromEntries(paths.map((path) => [path, server]))
  const running = await preview({ preview: { port: await freePort(), host: '127.0.0.1', proxy } })
  return { url: running.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '', close: () => running.close() }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

async function until(done: () => Promise<boolean>, why: () => string) {
  for (let tries = 0; tries < 200; tries++) {
    if (await done().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(why())
}
