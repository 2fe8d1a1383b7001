import { type House, expect, languages, test } from './house'
import { goodKey } from './provider'

const texts = {
  en: {
    add: 'Add target',
    addTwo: 'Add 2 targets',
    search: 'Search models',
    save: 'Save',
    saved: 'Route saved',
    unsaved: 'Unsaved changes',
    cancel: 'Cancel',
    leave: 'Leave without saving?',
    move: 'Move',
    weight: 'Weight of',
    second: 'Tier 2',
    distribution: 'Distribution',
    first: 'would be asked for demo',
    back: 'Back to the implicit route',
    undo: 'Undo',
    implicit: 'Implicit',
    edited: 'Edited',
    routes: 'Routes',
  },
  zh: {
    add: '添加目标',
    addTwo: '添加 2 个目标',
    search: '搜索模型',
    save: '保存',
    saved: '路由已保存',
    unsaved: '有未保存的修改',
    cancel: '取消',
    leave: '不保存就离开？',
    move: '移动',
    weight: '的权重',
    second: '层级 2',
    distribution: '分布',
    first: '将请求 demo 的 demo',
    back: '恢复隐式路由',
    undo: '撤销',
    implicit: '隐式',
    edited: '已编辑',
    routes: '路由',
  },
}

async function offer(house: House, name: string) {
  await house.api.post('/api/v1/providers', {
    data: { name, base_url: house.provider, kind: 'openai-compatible' },
  })
  await house.api.post(`/api/v1/providers/${name}/keys`, { data: { text: goodKey } })
  expect((await house.api.post(`/api/v1/providers/${name}/sync-models`)).status()).toBe(200)
}

for (const language of languages) {
  const t = texts[language]
  const model = `house/best-${language}`
  test.describe(language, () => {
    test.use({ language })

    test('a route of one’s own is made, shared out and explained', async ({ page, house, shot }) => {
      test.slow()
      await offer(house, 'routed')
      await page.goto(`/routes/${encodeURIComponent(model)}`)
      await page.getByRole('button', { name: t.add }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('searchbox', { name: t.search }).fill('demo')
      await dialog.getByRole('checkbox', { name: 'demo demo', exact: true }).click()
      await dialog.getByRole('searchbox', { name: t.search }).fill('vendor/fake-embed')
      await dialog.getByRole('checkbox', { name: /vendor\/fake-embed routed/ }).click()
      await dialog.getByRole('button', { name: t.addTwo }).click()
      const embed = 'routed/vendor/fake-embed'
      const weight = language === 'en' ? `${t.weight} demo/demo` : `demo/demo ${t.weight}`
      await page.getByRole('spinbutton', { name: weight }).fill('3')
      await expect(page.getByText('75%')).toBeVisible()

      await page.getByRole('link', { name: t.routes, exact: true }).first().click()
      await expect(page.getByText(t.leave)).toBeVisible()
      await page.getByRole('button', { name: t.cancel }).click()
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByText(t.saved, { exact: true })).toBeVisible()
      await expect(page.getByText(t.first)).toBeVisible()
      await expect(page.getByText('750')).toBeVisible()

      await page.getByRole('button', { name: `${t.move} ${embed}`, exact: true }).press('ArrowDown')
      const second = page.getByRole('region', { name: t.second })
      await expect(second.getByText('vendor/fake-embed')).toBeVisible()
      await expect(page.getByRole('button', { name: `${t.move} ${embed}`, exact: true })).toBeFocused()
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByText(t.unsaved)).toHaveCount(0)
      await page.reload()
      await expect(second.getByText('vendor/fake-embed')).toBeVisible()
      await shot('route')
    })

    test('an edited route goes back to the implicit one, and back again', async ({ page, house, shot }) => {
      const put = await house.api.put('/api/v1/routes/demo', {
        data: { tiers: [[{ provider: 'demo', model: 'demo-json' }]] },
      })
      expect(put.status()).toBe(200)
      await page.goto('/routes?q=demo')
      await shot('routes')
      await page.getByRole('link', { name: 'demo', exact: true }).click()
      await page.getByRole('button', { name: t.back }).click()
      await expect(page.getByText(t.implicit, { exact: true })).toBeVisible()
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByText(t.edited, { exact: true })).toBeVisible()
    })
  })
}
