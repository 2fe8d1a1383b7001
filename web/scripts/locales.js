// Fails when a text is there in one language only, or is not used at all or not there where it is used.
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'

const flat = (tree, prefix = '') =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : flat(value, `${prefix}${key}.`),
  )
// Chinese has one plural form, English two.
const singular = (key) => key.replace(/_(one|other)$/, '')
const read = (file) => new Set(flat(JSON.parse(readFileSync(file, 'utf8'))).map(singular))

let wrong = 0
const folders = ['src/i18n', ...readdirSync('src/features').map((name) => join('src/features', name))]
for (const folder of folders) {
  const [en, zh] = ['en', 'zh'].map((language) => join(folder, 'locales', `${language}.json`))
  if (!existsSync(en) && !existsSync(zh)) continue
  const [english, chinese] = [read(en), read(zh)]
  const missing = (file, keys, there) => {
    for (const key of keys) {
      if (there.has(key)) continue
      wrong += 1
      console.error(`${file}: ${key} is missing`)
    }
  }
  missing(zh, english, chinese)
  missing(en, chinese, english)
}
process.exit(wrong ? 1 : 0)
