import { expect, languages, test } from './house'

const texts = {
  en: {
    add: 'New access key',
    name: 'Name',
    day: 'US dollars a day',
    create: 'Create',
    copied: 'I have copied it',
    edit: 'Edit',
    minute: 'Requests a minute',
    save: 'Save',
    more: 'More',
    remove: 'Delete',
  },
  zh: {
    add: '新建访问密钥',
    name: '名称',
    day: '每日美元',
    create: '创建',
    copied: '我已复制',
    edit: '编辑',
    minute: '每分钟请求数',
    save: '保存',
    more: '更多',
    remove: '删除',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('makes a key that works, changes its limits and deletes it', async ({ page, house, shot }) => {
      await page.goto('/access-keys')
      await page.getByRole('button', { name: t.add }).first().click()
      const name = `ci-${language}`
      await page.getByLabel(t.name, { exact: true }).fill(name)
      await page.getByLabel(t.day).fill('5')
      await page.getByRole('dialog').getByRole('button', { name: t.create }).click()
      const shown = page.getByRole('dialog').locator('pre').first()
      await expect(shown).toHaveText(/^\S{30,}$/)
      const key = (await shown.textContent())?.trim() ?? ''
      await shot('access-key-fresh')
      const asked = await page.request.post(`${house.url}/v1/chat/completions`, {
        headers: { authorization: `Bearer ${key}` },
        data: { model: 'demo', messages: [{ role: 'user', content: 'Hi' }] },
      })
      expect(asked.status()).toBe(200)
      await page.getByRole('button', { name: t.copied }).click()
      await shot('access-keys')
      await page.getByRole('link', { name }).click()
      await shot('access-key')
      await page.getByRole('button', { name: t.edit }).click()
      await page.getByLabel(t.minute).fill('1')
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByRole('dialog')).toBeHidden()
      await page.getByRole('button', { name: t.more }).click()
      await page.getByRole('menuitem', { name: t.remove }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.remove }).click()
      await expect(page).toHaveURL(/\/access-keys$/)
      await expect(page.getByRole('link', { name })).toHaveCount(0)
    })
  })
}
