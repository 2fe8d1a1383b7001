import { expect, languages, test } from './house'

const texts = {
  en: {
    invite: 'Invite a user',
    send: 'Invite',
    email: 'E-mail',
    done: 'Done',
    newGroup: 'New group',
    name: 'Name',
    create: 'Create',
    permission: /See providers/,
    search: 'Add people: search name or e-mail',
    budget: 'US dollars a month',
    limits: 'Limits and budgets',
    save: 'Save',
    saved: 'Limits saved',
    more: 'More',
    remove: 'Delete…',
    removeUser: 'Delete user',
  },
  zh: {
    invite: '邀请用户',
    send: '邀请',
    email: '邮箱',
    done: '完成',
    newGroup: '新建用户组',
    name: '名称',
    create: '创建',
    permission: /查看提供商/,
    search: '添加人员：搜索姓名或邮箱',
    budget: '每月美元',
    limits: '限额与预算',
    save: '保存',
    saved: '限额已保存',
    more: '更多',
    remove: '删除…',
    removeUser: '删除用户',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('invites a person, puts them into a group with a budget, and deletes them', async ({
      page,
      shot,
    }) => {
      const email = `grace-${language}@example.com`
      await page.goto('/users')
      await page.getByRole('button', { name: t.invite }).click()
      await page.getByRole('dialog').getByLabel(t.email).fill(email)
      await shot('invite')
      await page.getByRole('button', { name: t.send, exact: true }).click()
      await expect(page.getByText(/\/invitation#token=/)).toBeVisible()
      await shot('invited')
      await page.getByRole('button', { name: t.done }).click()
      await expect(page.getByText(email)).toBeVisible()
      await shot('users')

      await page.goto('/groups?dialog=new')
      await page.getByLabel(t.name, { exact: true }).fill(`Team ${language}`)
      await page.getByRole('checkbox', { name: t.permission }).click()
      await page.getByRole('button', { name: t.create }).click()
      await expect(page.getByRole('heading', { level: 1, name: `Team ${language}` })).toBeVisible()
      await page.getByLabel(t.search).fill(email)
      await page.getByRole('button', { name: new RegExp(`grace-${language}`) }).click()
      await expect(page.getByRole('table').getByText(email)).toBeVisible()
      await shot('group')
      await page.getByRole('tab', { name: t.limits }).click()
      await page.getByLabel(t.budget).fill('25')
      await page.getByRole('button', { name: t.save }).click()
      await expect(page.getByText(t.saved, { exact: true }).first()).toBeVisible()

      await page.goto(`/users?q=${email}`)
      await page.getByRole('link', { name: `grace-${language}` }).click()
      await expect(page.getByRole('checkbox', { name: `Team ${language}` })).toBeChecked()
      await shot('user')
      await page.getByRole('button', { name: t.more, exact: true }).click()
      await page.getByRole('menuitem', { name: t.remove }).click()
      const confirm = page.getByRole('alertdialog')
      await confirm.getByRole('textbox').fill(email)
      await confirm.getByRole('button', { name: t.removeUser }).click()
      await expect(page).toHaveURL(/\/users$/)
      await expect(page.getByRole('table').getByText(email)).toBeHidden()
    })
  })
}
