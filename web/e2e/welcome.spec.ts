import { expect, languages, test } from './house'
import { answer, goodKey } from './provider'

const texts = {
  en: {
    demo: 'Use the demo',
    vllm: 'vLLM',
    url: 'Base URL',
    name: 'Name',
    keys: 'Keys (if it asks for any)',
    connect: 'Connect and test',
    next: 'Next',
    keyName: 'Its name',
    make: 'Create the access key',
    once: 'Copy it now: it is not shown again.',
    play: 'Get a first answer in the playground',
  },
  zh: {
    demo: '使用演示',
    vllm: 'vLLM',
    url: '基础 URL',
    name: '名称',
    keys: '密钥（如需要）',
    connect: '接入并测试',
    next: '下一步',
    keyName: '名称',
    make: '创建访问密钥',
    once: '请立即复制：之后不再显示。',
    play: '在试验场获得第一个回答',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })
    test.slow()

    test('leads from nothing to an access key that answers', async ({ page, house, shot, request }) => {
      await page.goto('/welcome')
      await expect(page.getByRole('button', { name: t.demo })).toBeVisible()
      await shot('welcome')
      await page.getByRole('button', { name: t.vllm }).click()
      await page.getByLabel(t.url).fill(house.provider)
      await page.getByLabel(t.keys).fill(goodKey)
      await page.getByLabel(t.name, { exact: true }).fill(`first-${language}`)
      await page.getByRole('button', { name: t.connect }).click()
      await expect(page.getByText('fake-small')).toBeVisible()
      await page.getByRole('button', { name: t.next }).click()
      await page.getByLabel(t.keyName).fill(`first-key-${language}`)
      await page.getByRole('button', { name: t.make }).click()
      await expect(page.getByText(t.once)).toBeVisible()
      await shot('welcome-access')
      const key = (await page.locator('pre').first().textContent()) ?? ''
      const answered = await request.post(`${house.url}/v1/chat/completions`, {
        headers: { authorization: `Bearer ${key.trim()}` },
        data: { model: 'fake-small', messages: [{ role: 'user', content: 'Hi' }] },
      })
      expect((await answered.json()).choices[0].message.content).toBe(answer)
      await page.getByRole('link', { name: t.play }).click()
      await expect(page).toHaveURL(/\/playground\?model=/)
    })
  })
}
