import { expect, languages, test } from './house'

const titles = { en: 'About', zh: '关于' }

for (const language of languages) {
  test.describe(language, () => {
    test.use({ language })

    test('tells the version, what is in order, and whose work is in it', async ({ page, house, shot }) => {
      const about = await (await house.api.get('/api/v1/about')).json()
      await page.goto('/about')
      await expect(page.getByRole('heading', { level: 1, name: titles[language] })).toBeVisible()
      const main = page.getByRole('main')
      await expect(main).toContainText(about.version)
      await expect(main).toContainText('SQLite')
      await expect(main).toContainText(about.findings[0].text)
      await shot('about')
      // A crate of the binary, and a package of the interface.
      for (const [part, licence] of [
        ['axum', 'MIT'],
        ['react-dom', 'MIT'],
      ]) {
        await page.goto(`/about?tab=licences&q=${part}`)
        await expect(main.getByRole('row', { name: `${part} ` }).first()).toContainText(licence ?? '')
      }
    })
  })
}
