import { expect, languages, test } from './house'

const texts = {
  en: {
    search: 'Search settings',
    attempts: 'Max attempts',
    save: 'Save',
    undo: 'Undo',
    undone: 'Settings are as before',
    fixed: 'Fixed by file or environment',
  },
  zh: {
    search: '搜索设置',
    attempts: '最大尝试次数',
    save: '保存',
    undo: '撤销',
    undone: '设置已恢复原样',
    fixed: '由配置文件或环境变量固定',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('finds a setting, changes it, and takes that back', async ({ page, house, shot }) => {
      const read = async () =>
        (await (await house.api.get('/api/v1/settings')).json()).settings.gateway.max_attempts
      const before = await read()
      await page.goto('/settings')
      await shot('settings')
      await page.getByLabel(t.search).fill('max_attempts')
      const attempts = page.getByRole('spinbutton', { name: t.attempts })
      await attempts.fill('0')
      await page.getByRole('button', { name: t.save, exact: true }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await shot('settings-wrong')
      await attempts.fill('21')
      await page.getByRole('button', { name: t.save, exact: true }).click()
      await expect(page.getByRole('button', { name: t.undo })).toBeVisible()
      expect(await read()).toBe(21)
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByText(t.undone, { exact: true }).first()).toBeVisible()
      expect(await read()).toBe(before)
    })

    test('says what is fixed, and by what', async ({ page, shot }) => {
      await page.goto('/settings?section=server')
      await expect(page.getByText(t.fixed).first()).toBeVisible()
      await shot('settings-fixed')
    })
  })
}
