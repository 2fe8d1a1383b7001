import { type House, expect, languages, test } from './house'
import { goodKey } from './provider'

const texts = {
  en: {
    addKeys: 'Add keys',
    keys: 'Keys',
    add: 'Add',
    added: '3 added, 1 ignored; 3 in total.',
    files: 'From files',
    choose: 'Choose files',
    done: 'Done',
    invalid: /^Invalid/,
    all: /^All/,
    selectAll: 'Select all rows',
    test: 'Test',
    note: 'Note',
    save: 'Save',
    actions: /^Actions of/,
    reveal: 'Reveal',
    search: 'Note, tag or part of a key',
    finished: 'Importing keys · done',
  },
  zh: {
    addKeys: '添加密钥',
    keys: '密钥',
    add: '添加',
    added: '新增 3 个，忽略 1 个；共 3 个。',
    files: '从文件',
    choose: '选择文件',
    done: '完成',
    invalid: /^无效/,
    all: /^全部/,
    selectAll: '选择所有行',
    test: '测试',
    note: '备注',
    save: '保存',
    actions: /的操作$/,
    reveal: '查看完整密钥',
    search: '备注、标签或密钥片段',
    finished: '导入密钥 · 已完成',
  },
}

async function provider(house: House, name: string) {
  await house.api.post('/api/v1/providers', {
    data: { name, kind: 'openai-compatible', base_url: house.provider },
  })
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })
    test.slow()

    test('adds, tests, finds, describes and reveals keys', async ({ page, house, shot }) => {
      const name = `keyed-${language}`
      await provider(house, name)
      await page.goto(`/keys?provider=${name}`)
      await page.getByRole('button', { name: t.addKeys }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByLabel(t.keys, { exact: true })
        .fill(`${goodKey}\nbad-1234567890, ${goodKey} sk-fake-busy-1`)
      await dialog.getByRole('button', { name: t.add, exact: true }).click()
      await expect(dialog.getByText(t.added)).toBeVisible()
      await dialog.getByRole('button', { name: t.done }).click()
      await page.getByRole('checkbox', { name: t.selectAll }).click()
      await shot('keys-selected')
      await page.getByRole('button', { name: t.test, exact: true }).click()
      await page.getByRole('button', { name: t.invalid }).click()
      await expect(page).toHaveURL(/status=invalid/)
      await expect(page.getByRole('button', { name: t.actions })).toHaveCount(1)
      await page.getByRole('button', { name: t.all }).click()
      await expect(page.getByRole('button', { name: t.actions })).toHaveCount(3)
      await page.getByRole('button', { name: 'sk-f****cdef', exact: true }).click()
      await dialog.getByLabel(t.note, { exact: true }).fill('of the laboratory')
      await shot('key')
      await dialog.getByRole('button', { name: t.save }).click()
      await page.getByLabel(t.search).fill('laboratory')
      await expect(page.getByRole('button', { name: t.actions })).toHaveCount(1)
      await page.getByRole('button', { name: t.actions }).click()
      await page.getByRole('menuitem', { name: t.reveal }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: t.reveal }).click()
      await expect(page.getByText(goodKey)).toBeVisible()
    })

    test('imports a file of many keys as a job, and scrolls through them', async ({ page, house }) => {
      const name = `many-${language}`
      await provider(house, name)
      await page.goto(`/keys?provider=${name}&dialog=import`)
      const lines = Array.from({ length: 3000 }, (_, index) => `sk-many-${String(index).padStart(8, '0')}`)
      await page
        .getByLabel(t.choose)
        .setInputFiles({ name: 'keys.txt', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) })
      await page.getByRole('dialog').getByRole('button', { name: t.add, exact: true }).click()
      await expect(page.getByText(t.finished)).toBeVisible({ timeout: 30_000 })
      await expect(page.getByRole('button', { name: t.all })).toContainText('3,000')
      const table = page.getByRole('table')
      await expect(table).toHaveAttribute('aria-rowcount', '501')
      await table.evaluate((element) => element.parentElement?.scrollTo(0, 500 * 44))
      await expect(table).toHaveAttribute('aria-rowcount', '1001')
      expect(await table.getByRole('row').count()).toBeLessThan(80)
    })
  })
}
