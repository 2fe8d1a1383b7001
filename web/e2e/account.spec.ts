import { createHmac } from 'node:crypto'
import { expect, languages, test } from './house'

const texts = {
  en: {
    name: 'Name',
    save: 'Save',
    saved: 'Saved',
    password: 'Your password',
    begin: 'Set up',
    code: 'One-time code',
    on: 'Switch on',
    kept: 'I have them',
    off: 'Switch off',
    isOff: 'The second factor is off',
    here: 'this one',
  },
  zh: {
    name: '名称',
    save: '保存',
    saved: '已保存',
    password: '你的密码',
    begin: '设置',
    code: '一次性验证码',
    on: '启用',
    kept: '我已保存',
    off: '停用',
    isOff: '两步验证已停用',
    here: '当前',
  },
}

/** The code that an authenticator app shows for a secret (RFC 6238). */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('changes the profile, and switches a second factor on and off', async ({ page, shot }) => {
      await page.goto('/account')
      await page.getByLabel(t.name, { exact: true }).fill(`Ada ${language}`)
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByText(t.saved, { exact: true }).first()).toBeVisible()
      await shot('account')

      await page.goto('/account?tab=security')
      await page.getByLabel(t.password, { exact: true }).fill('correct-horse-battery')
      await page.getByRole('button', { name: t.begin, exact: true }).click()
      const secret = ((await page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]+$/).textContent()) ?? '').replaceAll(
        ' ',
        '',
      )
      await shot('account-enrolment')
      await page.getByLabel(t.code).fill(codeOf(secret))
      await page.getByRole('button', { name: t.on, exact: true }).click()
      const recovery = (await page.locator('ul.font-mono li').first().textContent()) ?? ''
      await shot('account-recovery')
      await page.getByRole('button', { name: t.kept }).click()
      await page.getByRole('button', { name: t.off, exact: true }).click()
      await page.getByLabel(t.code).fill(recovery)
      await page.getByRole('button', { name: t.off, exact: true }).click()
      await expect(page.getByText(t.isOff).first()).toBeVisible()

      await page.goto('/account?tab=sessions')
      await expect(page.getByText(t.here, { exact: true })).toBeVisible()
      await shot('account-sessions')
    })
  })
}
