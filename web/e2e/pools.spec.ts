import { expect, languages, test } from './house'

const texts = {
  en: {
    add: 'Add a pool',
    name: 'Name',
    provider: 'Provider',
    weight: 'Weight',
    another: 'Add a provider',
    save: 'Save',
    actions: 'Actions of ',
    delete: 'Delete',
    undo: 'Undo',
  },
  zh: {
    add: '添加资源池',
    name: '名称',
    provider: '提供商',
    weight: '权重',
    another: '添加提供商',
    save: '保存',
    actions: ' 的操作',
    delete: '删除',
    undo: '撤销',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })
    test.slow()

    test('makes a pool of two providers, deletes it and brings it back', async ({ page, house, shot }) => {
      const [one, other, pool] = [`one-${language}`, `other-${language}`, `pool-${language}`]
      for (const name of [one, other]) {
        await house.api.post('/api/v1/providers', {
          data: { name, kind: 'openai-compatible', base_url: house.provider },
        })
      }
      await page.goto('/pools')
      await page.getByRole('button', { name: t.add }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(t.name, { exact: true }).fill(pool)
      await dialog.getByLabel(t.provider, { exact: true }).selectOption(one)
      await dialog.getByLabel(t.weight).fill('3')
      await dialog.getByRole('button', { name: t.another }).click()
      await dialog.getByLabel(t.provider, { exact: true }).last().selectOption(other)
      await expect(dialog.getByText('75%')).toBeVisible()
      await dialog.getByRole('button', { name: t.save }).click()
      await expect(page.getByRole('row', { name: pool })).toContainText('75%')
      await shot('pools')
      await page.getByRole('row', { name: pool }).getByRole('button', { name: t.actions }).click()
      await page.getByRole('menuitem', { name: t.delete }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.delete }).click()
      await expect(page.getByRole('row', { name: pool })).toHaveCount(0)
      await page.getByRole('button', { name: t.undo }).last().click()
      await expect(page.getByRole('row', { name: pool })).toBeVisible()
    })
  })
}
