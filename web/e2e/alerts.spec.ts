import { expect, languages, test } from './house'

const texts = {
  en: {
    name: 'Name',
    address: 'Address',
    create: 'Create',
    when: 'Tell when',
    fewer: 'Fewer keys than',
    sentence: 'A provider has fewer usable keys than 3',
    test: 'Send a test',
    failed: /: failed/,
    silence: 'Silence',
    silences: 'Silences',
    end: 'End now',
  },
  zh: {
    name: '名称',
    address: '地址',
    create: '创建',
    when: '触发条件',
    fewer: '少于（个）',
    sentence: '提供商的可用密钥少于 3 个',
    test: '发送测试',
    failed: /: 失败/,
    silence: '静默',
    silences: '静默',
    end: '立即结束',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('makes a channel, a rule that tells through it, and a silence', async ({ page, shot }) => {
      const channel = `ops-${language}`
      await page.goto('/alerts?tab=channels&add=true')
      await page.getByLabel(t.name, { exact: true }).fill(channel)
      await page.getByLabel(t.address, { exact: true }).fill('https://127.0.0.1:9/hook')
      await page.getByRole('button', { name: t.create, exact: true }).click()
      const line = page.getByRole('listitem').filter({ hasText: channel })
      await line.getByRole('button', { name: t.test }).click()
      await expect(line.getByText(t.failed)).toBeVisible()
      await shot('alerts-channels')

      await page.goto('/alerts?add=true')
      await page.getByLabel(t.name, { exact: true }).fill(`keys-${language}`)
      await page.getByLabel(t.when).selectOption('few_keys')
      await page.getByLabel(t.fewer).fill('3')
      await page.getByRole('checkbox', { name: new RegExp(channel) }).check()
      await shot('alerts-rule')
      await page.getByRole('button', { name: t.create, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeHidden()
      await expect(page.getByText(t.sentence, { exact: true }).first()).toBeVisible()
      await shot('alerts')

      await page.goto(`/alerts?tab=silences&add=true&alert=keys-${language}`)
      await page.getByRole('dialog').getByRole('button', { name: t.silence, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeHidden()
      const silence = page.getByRole('listitem').filter({ hasText: `keys-${language}` })
      await silence.getByRole('button', { name: t.end }).first().click()
      await page.goto('/alerts?tab=events')
      await shot('alerts-events')
    })
  })
}
