import { expect, languages, test } from './house'

const texts = {
  en: {
    add: 'New guardrail',
    name: 'Name',
    pattern: 'Pattern 1',
    create: 'Create',
    text: 'Text',
    look: 'Look at it',
    masked: 'Masked',
    remove: 'Delete',
  },
  zh: {
    add: '新建护栏',
    name: '名称',
    pattern: '规则 1',
    create: '创建',
    text: '文本',
    look: '检查',
    masked: '已遮盖',
    remove: '删除',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('masks what a pattern finds', async ({ page, shot }) => {
      await page.goto('/guardrails')
      await page.getByRole('button', { name: t.add }).first().click()
      await page.getByLabel(t.name, { exact: true }).fill(`phones-${language}`)
      await page.getByLabel(t.pattern, { exact: true }).fill('1[3-9]\\d{9}')
      await page.getByRole('button', { name: t.create }).click()
      await expect(page.getByRole('dialog')).toBeHidden()
      await page.getByLabel(t.text, { exact: true }).fill('电话 13812345678')
      await page.getByRole('button', { name: t.look }).click()
      await expect(page.getByText(t.masked, { exact: true })).toBeVisible()
      await expect(page.locator('pre')).toHaveText('电话 ***')
      await shot('guardrails')
      const remove = page.getByRole('button', { name: new RegExp(`^${t.remove} .*${language}`) })
      await remove.click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.remove }).click()
      await expect(remove).toHaveCount(0)
    })
  })
}
