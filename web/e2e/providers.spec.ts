import { expect, languages, test } from './house'
import { goodKey } from './provider'

const texts = {
  en: {
    add: 'Add a provider',
    find: 'Find a provider',
    custom: 'OpenAI-compatible',
    url: 'Base URL',
    name: 'Name',
    keys: 'Keys (if it asks for any)',
    connect: 'Connect and test',
    mend: 'Change address or keys',
    ready: '4 models are ready',
    open: 'Open the provider',
    health: 'Health',
    settings: 'Settings',
    weight: 'Weight',
    save: 'Save',
    delete: 'Delete',
    undo: 'Undo',
    takenBack: 'Taken back',
  },
  zh: {
    add: '添加提供商',
    find: '查找提供商',
    custom: 'OpenAI 兼容',
    url: '基础 URL',
    name: '名称',
    keys: '密钥（如需要）',
    connect: '接入并测试',
    mend: '修改地址或密钥',
    ready: '4 个模型已就绪',
    open: '打开提供商',
    health: '健康',
    settings: '设置',
    weight: '权重',
    save: '保存',
    delete: '删除',
    undo: '撤销',
    takenBack: '已撤销',
  },
}

for (const language of languages) {
  const t = texts[language]
  const name = `vendor-${language}`
  test.describe(language, () => {
    test.use({ language })
    test.slow()

    test('adds a provider, mends its key, changes it, deletes it and brings it back', async ({
      page,
      house,
      shot,
    }) => {
      await page.goto('/providers?add=true')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(t.find).waitFor()
      await shot('provider-presets')
      await dialog.getByRole('button', { name: t.custom }).click()
      await dialog.getByLabel(t.url).fill(house.provider)
      await dialog.getByLabel(t.name).fill(name)
      await dialog.getByLabel(t.keys).fill('not-a-key-0123456789')
      await dialog.getByRole('button', { name: t.connect }).click()
      await dialog.getByRole('button', { name: t.mend }).click()
      await dialog.getByLabel(t.url).fill(house.provider)
      await dialog.getByLabel(t.keys).fill(goodKey)
      await dialog.getByRole('button', { name: t.connect }).click()
      await expect(dialog.getByText(t.ready)).toBeVisible()
      await dialog.getByRole('link', { name: t.open }).click()
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
      await page.getByRole('tab', { name: t.health }).click()
      await expect(page).toHaveURL(/tab=health/)
      await page.getByRole('tab', { name: t.settings }).click()
      await page.getByLabel(t.weight, { exact: true }).fill('25')
      await page.locator('summary').click()
      await shot('provider-settings')
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByRole('button', { name: t.undo })).toBeVisible()
      const changed = await house.api.get(`/api/v1/providers/${name}`)
      expect((await changed.json()).spec.weight).toBe(25)
      await page.getByRole('button', { name: t.delete }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.delete }).click()
      await expect(page).toHaveURL(/\/providers$/)
      await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0)
      await page.getByRole('button', { name: t.undo }).last().click()
      await expect(page.getByText(t.takenBack, { exact: true }).last()).toBeVisible()
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
      await shot('providers')
    })
  })
}
