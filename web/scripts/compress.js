// Compresses what was built, once, as small as it gets: the binary serves these bytes as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const sizes = new Map()
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  if (!entry.isFile() || /\.(br|gz)$/.test(path) || path === join('dist', 'index.html')) continue
  const plain = readFileSync(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  const small = brotliCompressSync(plain, { params })
  writeFileSync(`${path}.br`, small)
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }))
  sizes.set(path.slice('dist'.length), small.length)
}

// What the first page needs before anything shows: index.html names it. More than this is slow on a phone.
const most = 250 * 1024
const named = [...readFileSync('dist/index.html', 'utf8').matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)]
const initial = named.reduce((sum, [, path]) => sum + (sizes.get(path) ?? 0), 0)
console.log(`initial JavaScript: ${(initial / 1024).toFixed(1)} KiB compressed (${most / 1024} allowed)`)
if (initial > most) process.exit(1)
