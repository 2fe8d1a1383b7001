import { type House, expect, languages, test } from './house'
import { goodKey } from './provider'

const texts = {
  en: {
    rename: 'Rename fake-small',
    name: 'Public name',
    renamed: 'fake-small is now house-small',
    undo: 'Undo',
    off: 'Serve fake-small',
    disabled: 'Switched off',
    remove: 'Delete',
    removed: 'Removed',
    restore: 'Restore',
    selectAll: 'Select all rows',
    renameMany: 'Rename',
    shared: '1 name would be shared',
    renameDone: 'Rename 2 models',
    back: '2 models renamed',
    price: 'Set an own price',
    prompt: 'Prompt',
    save: 'Save',
    own: 'Set here, by an operator.',
    sync: 'Sync now',
    syncOne: 'Sync models-en',
    pattern: 'Regular expression',
    with: 'Put in its place',
    toolbar: 'Actions for the selected models',
    more: 'Actions for fake-small',
    outcome: '0 new, 0 gone, 4 as before',
  },
  zh: {
    rename: '重命名 fake-small',
    name: '公开名称',
    renamed: 'fake-small 已更名为 house-small',
    undo: '撤销',
    off: '启用 fake-small',
    disabled: '已停用',
    remove: '删除',
    removed: '已移除',
    restore: '恢复',
    selectAll: '选择所有行',
    renameMany: '重命名',
    shared: '1 个名称将被共用',
    renameDone: '重命名 2 个模型',
    back: '已重命名 2 个模型',
    price: '设置自定义价格',
    prompt: '输入',
    save: '保存',
    own: '由管理员在此设置。',
    sync: '立即同步',
    syncOne: '同步 models-zh',
    pattern: '正则表达式',
    with: '替换为',
    toolbar: '所选模型的操作',
    more: 'fake-small 的操作',
    outcome: '新增 0 个，下线 0 个，不变 4 个',
  },
}

/** A provider with the four models of the fake one. */
async function offer(house: House, name: string) {
  const made = await house.api.post('/api/v1/providers', {
    data: { name, base_url: house.provider, kind: 'openai-compatible' },
  })
  expect(made.status()).toBe(201)
  await house.api.post(`/api/v1/providers/${name}/keys`, { data: { text: goodKey } })
  expect((await house.api.post(`/api/v1/providers/${name}/sync-models`)).status()).toBe(200)
}

for (const language of languages) {
  const t = texts[language]
  const provider = `models-${language}`
  test.describe(language, () => {
    test.use({ language })

    test('models are renamed, switched, removed and brought back', async ({ page, house, shot }) => {
      await offer(house, provider)
      await page.goto(`/models?provider=${provider}`)
      const row = (name: string) => page.getByRole('row').filter({ hasText: name })
      await expect(row('vendor/fake-embed')).toBeVisible()
      await shot('models')

      await row('fake-small').hover()
      await page.getByRole('button', { name: t.rename }).click()
      await page.getByRole('textbox', { name: t.name }).fill('never')
      await page.keyboard.press('Escape')
      await expect(row('never')).toHaveCount(0)
      await page.getByRole('button', { name: t.rename }).click()
      await page.getByRole('textbox', { name: t.name }).fill('house-small')
      await page.keyboard.press('Enter')
      await expect(page.getByText(t.renamed, { exact: true })).toBeVisible()
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByRole('button', { name: t.rename })).toBeAttached()

      await page.getByRole('switch', { name: t.off }).click()
      await expect(row('fake-small').getByText(t.disabled)).toBeVisible()
      await page.getByRole('switch', { name: t.off }).click()
      await page.getByRole('button', { name: t.more }).click()
      await page.getByRole('menuitem', { name: t.remove }).click()
      await expect(row('fake-small')).toHaveCount(0)

      await page.getByRole('button', { name: t.sync }).click()
      await page.getByRole('button', { name: t.syncOne }).click()
      await expect(page.getByText(t.outcome)).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(row('fake-small')).toHaveCount(0)
      await page.getByRole('button', { name: new RegExp(`^${t.removed}`) }).click()
      await page.getByRole('button', { name: t.more }).click()
      await page.getByRole('menuitem', { name: t.restore }).click()
      await expect(row('fake-small')).toHaveCount(0)
    })

    test('many are renamed by a rule that is tried first', async ({ page, shot }) => {
      await page.goto(`/models?provider=${provider}`)
      await page.getByRole('checkbox', { name: t.selectAll }).click()
      await page.getByRole('toolbar', { name: t.toolbar }).getByRole('button', { name: t.renameMany }).click()
      await page.getByLabel(t.pattern).fill('^fake-(large|small).*$')
      await page.getByLabel(t.with).fill('fake-one')
      await expect(page.getByText(t.shared)).toBeVisible()
      await shot('models-rename')
      await page.getByRole('button', { name: t.renameDone }).click()
      await expect(page.getByText(t.back, { exact: true })).toBeVisible()
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByRole('row').filter({ hasText: 'fake-one' })).toHaveCount(0)
    })

    test('a price is set where none is known', async ({ page, shot }) => {
      await page.goto(`/models?provider=${provider}`)
      await page.getByRole('row').filter({ hasText: 'vendor/fake-embed' }).click()
      await page.getByRole('button', { name: t.price }).click()
      await page.getByLabel(t.prompt, { exact: true }).fill('0.25')
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByText(t.own)).toBeVisible()
      await shot('model')
    })

    test('rules for names are shown with what they do', async ({ page, shot }) => {
      await page.goto('/models?dialog=rules')
      await expect(page.getByRole('dialog').getByText('fake-vision-preview').first()).toBeVisible()
      await shot('model-rules')
    })
  })
}
