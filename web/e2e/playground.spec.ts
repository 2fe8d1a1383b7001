import { expect, languages, test } from './house'

const texts = {
  en: {
    question: 'Your question',
    send: 'Send',
    raw: 'Raw request and response',
    compare: 'Compare with another',
    headers: 'Headers',
    tools: 'Tools',
    answer: 'What get_weather answers',
    sendAnswers: 'Send the answers',
    details: 'Every attempt',
  },
  zh: {
    question: '你的问题',
    send: '发送',
    raw: '原始请求与响应',
    compare: '再加一个模型对比',
    headers: '响应头',
    tools: '工具',
    answer: 'get_weather 的返回',
    sendAnswers: '发送返回结果',
    details: '查看每次尝试',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('asks two models side by side and shows what went over the wire', async ({ page, shot }) => {
      await page.goto('/playground?model=demo')
      await page.getByLabel(t.question).fill('Hello, 你好')
      await page.getByRole('button', { name: t.send }).click()
      const details = page.getByRole('link', { name: t.details })
      await expect(details).toBeVisible()
      await page.getByRole('button', { name: t.compare }).click()
      await page.getByLabel(t.question).fill('And again')
      await page.getByRole('button', { name: t.send }).click()
      await expect(details).toHaveCount(2)
      await shot('playground')
      await page.getByRole('button', { name: t.raw }).first().click()
      await expect(page.getByRole('dialog')).toContainText('"model": "demo"')
      await page.getByRole('tab', { name: 'curl' }).click()
      await expect(page.getByRole('dialog')).toContainText('/v1/chat/completions')
      await page.keyboard.press('Escape')
    })

    test('tells why a call failed', async ({ page }) => {
      await page.goto('/playground?model=demo-error')
      await page.getByLabel(t.question).fill('Hello')
      await page.getByRole('button', { name: t.send }).click()
      await expect(page.getByRole('note')).toBeVisible()
    })
  })
}
