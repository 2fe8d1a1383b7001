import { expect, languages, test } from './house'

const texts = {
  en: { action: 'What', made: 'Created a token', entry: 'Entry', same: 'All about this object' },
  zh: { action: '操作', made: '创建令牌', entry: '记录详情', same: '此对象的全部记录' },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('finds what was done, and tells all of it', async ({ page, house, shot }) => {
      const data = { name: `audited ${language}`, scopes: [] }
      await house.api.post('/api/v1/tokens', { data })
      await page.goto('/audit')
      await page.getByLabel(t.action, { exact: true }).selectOption('tokens.create')
      await expect(page).toHaveURL(/action=tokens\.create/)
      const row = page.getByRole('row').filter({ hasText: data.name })
      await expect(row).toContainText(t.made)
      await shot('audit')
      await row.click()
      await expect(page.getByRole('dialog', { name: t.entry })).toContainText(data.name)
      await page.reload()
      await expect(page.getByRole('dialog', { name: t.entry })).toContainText(data.name)
      await shot('audit-entry')
      await page.getByRole('button', { name: t.same }).click()
      await expect(page).toHaveURL(/object_id=/)
    })
  })
}
