import { expect, languages, test } from './house'

const texts = {
  en: { back: 'Take this change back…', action: /Take back revision/, undo: 'Undo', done: 'Taken back' },
  zh: { back: '撤回此更改…', action: /撤回修订/, undo: '撤销', done: '已撤销' },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('shows what a revision changed, takes it back, and takes that back', async ({
      page,
      house,
      shot,
    }) => {
      const attempts = language === 'en' ? 17 : 18
      const read = async () =>
        (await (await house.api.get('/api/v1/settings')).json()).settings.gateway.max_attempts
      await house.api.patch('/api/v1/settings', { data: { gateway: { max_attempts: attempts } } })
      await page.goto('/revisions')
      await expect(page.getByRole('link', { name: 'Change settings: gateway' }).first()).toBeVisible()
      await shot('revisions')
      await page.getByRole('link', { name: 'Change settings: gateway' }).first().click()
      await expect(page).toHaveURL(/\/revisions\/\d+/)
      await expect(page.getByRole('cell', { name: String(attempts), exact: true })).toBeVisible()
      await shot('revision')
      await page.getByRole('button', { name: t.back }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByRole('cell', { name: String(attempts), exact: true })).toBeVisible()
      await shot('revision-undo')
      await dialog.getByRole('button', { name: t.action }).click()
      await expect(dialog).toBeHidden()
      expect(await read()).not.toBe(attempts)
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByText(t.done, { exact: true }).first()).toBeVisible()
      expect(await read()).toBe(attempts)
    })
  })
}
