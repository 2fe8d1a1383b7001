import { test as bare } from '@playwright/test'
import { admin, expect, languages, look, open, test, watch } from './house'

const texts = {
  en: {
    email: 'E-mail',
    password: 'Password',
    login: 'Log in',
    menu: 'Your account',
    logOut: 'Log out',
    create: 'Create and start',
  },
  zh: {
    email: '邮箱',
    password: '密码',
    login: '登录',
    menu: '你的账户',
    logOut: '退出登录',
    create: '创建并开始',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('logs in, out, and leads back to where one wanted to go', async ({ page, context, shot }) => {
      await context.clearCookies()
      await page.goto('/account?tab=sessions')
      await expect(page).toHaveURL(/\/login\?to=/)
      await shot('login')
      await page.getByLabel(t.email).fill(admin.email)
      await page.getByLabel(t.password).fill('wrong')
      await page.getByRole('button', { name: t.login }).click()
      await expect(page.getByRole('note')).toBeVisible()
      await page.getByLabel(t.password).fill(admin.password)
      await page.getByRole('button', { name: t.login }).click()
      await expect(page).toHaveURL(/\/account/)
      await page.getByRole('button', { name: t.menu }).click()
      await page.getByRole('menuitem', { name: t.logOut }).click()
      await expect(page).toHaveURL(/\/login/)
    })
  })

  bare(`the set-up link makes the first administrator (${language})`, async ({ page }) => {
    const house = await open(true)
    const wrong = watch(page)
    await page.addInitScript((chosen) => localStorage.setItem('roundhouse.language', chosen), language)
    await page.goto(`${house.url}/`)
    await expect(page).toHaveURL(/\/setup$/)
    const token = /\/setup\?token=([\w-]+)/.exec(house.log())?.[1]
    await page.goto(`${house.url}/setup?token=${token}`)
    await look(page, `setup-${language}`)
    await page.getByLabel(t.email).fill('grace@example.com')
    await page.getByLabel(t.password).fill('correct-horse-battery')
    await page.getByRole('button', { name: t.create }).click()
    await expect(page).toHaveURL(/\/welcome/)
    expect(wrong).toEqual([])
    await house.close()
  })
}
