import { expect, languages, test } from './house'

const texts = {
  en: {
    title: 'Health',
    checkNow: 'Check now',
    one: 'Check demo now',
    healthy: 'demo: Healthy',
    all: 'Check all',
  },
  zh: {
    title: '健康检查',
    checkNow: '立即检查',
    one: '立即检查 demo',
    healthy: 'demo：健康',
    all: '检查全部',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('tells how a provider fares, and checks it', async ({ page, shot }) => {
      await page.goto('/health-checks')
      await expect(page.getByRole('heading', { level: 1, name: t.title })).toBeVisible()
      await page.getByRole('button', { name: t.one }).click()
      await expect(page.getByText(t.healthy, { exact: true }).first()).toBeVisible()
      await page.getByRole('button', { name: t.all }).click()
      await shot('health')
      await page.getByRole('button', { name: 'demo', exact: true }).click()
      await expect(page).toHaveURL(/provider=demo/)
      await expect(page.getByRole('dialog').getByRole('button', { name: t.checkNow })).toBeVisible()
      await shot('health-provider')
    })
  })
}
