import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { snippets } from './snippets'

const target = { baseUrl: 'http://localhost:8080', accessKey: 'sk-rh-1', model: "it's/odd model" }

it('quotes models for the shell and for JSON', () => {
  const curl = snippets(target).find(({ name }) => name === 'curl')
  const printed = execFileSync('sh', [
    '-c',
    `curl() { for last; do :; done; printf %s "$last"; }\n${curl?.text}`,
  ])
  expect(JSON.parse(String(printed))).toMatchObject({ model: target.model })
})

it('gives every client the key and an address', () => {
  for (const { name, text } of snippets(target)) {
    expect(text, name).toContain(target.accessKey)
    expect(text, name).toContain(target.baseUrl)
  }
})
