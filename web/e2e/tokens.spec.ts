import { expect, languages, request, test } from './house'

const texts = {
  en: {
    name: 'Name',
    create: 'Create',
    kept: 'I have it',
    remove: 'Delete token',
    act: 'Delete',
    gone: 'is deleted',
  },
  zh: { name: '名称', create: '创建', kept: '我已保存', remove: '删除令牌', act: '删除', gone: '已删除' },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('makes a token that works, and deletes it', async ({ page, house, shot }) => {
      const name = `script ${language}`
      await page.goto('/tokens?add=true')
      await page.getByLabel(t.name, { exact: true }).fill(name)
      await page.getByRole('checkbox', { name: 'health.read' }).check()
      await shot('tokens-form')
      await page.getByRole('button', { name: t.create, exact: true }).click()
      const token = (await page.getByRole('dialog').getByText(/^rhp-/).first().textContent()) ?? ''
      await shot('tokens-fresh')
      const client = await request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } })
      expect((await client.get(`${house.url}/api/v1/health-overview`)).status()).toBe(200)
      expect((await client.get(`${house.url}/api/v1/audit`)).status()).toBe(403)
      await client.dispose()
      await page.getByRole('button', { name: t.kept }).click()
      await page.getByRole('button', { name: `${t.remove} ${name}` }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.act, exact: true }).click()
      await expect(page.getByText(t.gone).first()).toBeVisible()
    })
  })
}
