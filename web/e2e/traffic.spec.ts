import { type House, expect, languages, test } from './house'
import { answer, goodKey } from './provider'

const texts = {
  en: {
    dashboard: 'Dashboard',
    tokens: 'Tokens',
    pause: 'Pause live updates',
    resume: 'Resume live updates',
    top: 'Top models',
    requests: 'Requests',
    addFilter: 'Add filter',
    value: 'Value',
    apply: 'Apply',
    remove: 'Remove filter Model: small',
    timeline: 'Attempts',
    why: 'Why it went there',
    show: 'Show bodies',
    live: 'Live',
    open: 'Live: new requests appear as they end',
    usage: 'Usage and cost',
    provider: 'Provider',
    table: 'Usage',
    filtered: 'Remove filter Provider: traffic',
    export: 'Export',
  },
  zh: {
    dashboard: '仪表盘',
    tokens: '令牌',
    pause: '暂停实时更新',
    resume: '恢复实时更新',
    top: '热门模型',
    requests: '请求',
    addFilter: '添加筛选',
    value: '值',
    apply: '应用',
    remove: '移除筛选 模型: small',
    timeline: '尝试',
    why: '为何选择此处',
    show: '显示内容',
    live: '实时',
    open: '实时：请求结束后立即显示',
    usage: '用量与费用',
    provider: '提供商',
    table: '用量',
    filtered: '移除筛选 提供商: traffic',
    export: '导出',
  },
}

/** Two models, an access key whose bodies are kept, and one request to each model; made once a house. */
async function traffic(house: House): Promise<(model: string) => Promise<void>> {
  const spec = {
    name: 'traffic',
    kind: 'openai',
    base_url: house.provider,
    models: ['large', 'small'],
    capture: { request: true, response: true },
  }
  const made = await house.api.post('/api/v1/providers', { data: spec })
  if (made.ok()) await house.api.post('/api/v1/providers/traffic/keys', { data: { text: goodKey } })
  const name = `traffic-${Date.now()}`
  const { key } = await (await house.api.post('/api/v1/access-keys', { data: { name } })).json()
  const ask = async (model: string) => {
    const asked = await fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    })
    expect(await asked.text()).toContain(answer)
  }
  await ask('large')
  await ask('small')
  return ask
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('the dashboard shows what happens, and can be held', async ({ page, house, shot }) => {
      // axe looks at every bar of every chart.
      test.slow()
      await traffic(house)
      await page.goto('/')
      await expect(page.getByRole('heading', { name: t.dashboard })).toBeVisible()
      const top = page.locator('section').filter({ has: page.getByRole('heading', { name: t.top }) })
      await expect(top.getByRole('link', { name: 'large' })).toBeVisible()
      await shot('dashboard')
      await page.getByRole('button', { name: t.pause }).click()
      await expect(page).toHaveURL(/paused=true/)
      await expect(page.getByRole('button', { name: t.resume })).toBeVisible()
      await page.getByRole('button', { name: t.tokens, exact: true }).first().click()
      await expect(page).toHaveURL(/view=tokens/)
      await top.getByRole('link', { name: 'large' }).click()
      await expect(page).toHaveURL(/\/requests\?.*model=large/)
    })

    test('requests are found, told in full, and followed', async ({ page, house, shot }) => {
      const ask = await traffic(house)
      await page.goto('/requests')
      await expect(page.getByRole('link', { name: 'large' }).first()).toBeVisible()
      await shot('requests')
      await page.getByRole('button', { name: t.addFilter }).click()
      await page.getByLabel(t.value, { exact: true }).fill('small')
      await page.getByRole('button', { name: t.apply }).click()
      await expect(page.getByRole('link', { name: 'large' })).toHaveCount(0)
      await page.getByRole('link', { name: 'small' }).first().click()
      await expect(page.getByRole('heading', { name: t.timeline })).toBeVisible()
      await expect(page.getByRole('heading', { name: t.why })).toBeVisible()
      await page.getByRole('button', { name: t.show }).click()
      await expect(page.getByText('"content": "Hello"')).toBeVisible()
      await shot('request')
      await page.goBack()
      await page.getByRole('button', { name: t.remove }).click()
      await expect(page.getByRole('link', { name: 'large' }).first()).toBeVisible()
      await page.getByRole('button', { name: t.live, exact: true }).click()
      const before = await page.getByRole('row').count()
      await ask('large')
      await expect(page.getByText(t.open)).toBeVisible()
      await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(before)
    })

    test('usage is summed, looked into, and exported', async ({ page, house, shot }) => {
      await traffic(house)
      await page.goto('/usage?measure=requests')
      await expect(page.getByRole('heading', { name: t.usage })).toBeVisible()
      await page.getByRole('button', { name: t.provider, exact: true }).click()
      const table = page.getByRole('table', { name: t.table })
      await table.getByRole('button', { name: 'traffic' }).click()
      await expect(page.getByRole('button', { name: t.filtered })).toBeVisible()
      await expect(table.getByRole('button', { name: 'large' })).toBeVisible()
      await shot('usage')
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: t.export }).click(),
      ])
      expect(file.suggestedFilename()).toMatch(/^usage-model-.*\.csv$/)
    })
  })
}
