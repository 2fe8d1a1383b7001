import { expect, languages, test } from './house'

const texts = {
  en: {
    litellm: /LiteLLM/,
    way: 'How it comes in',
    content: 'Content',
    preview: 'See what would happen',
    now: 'Import now',
    open: /Open revision/,
    undo: 'Undo',
    undone: 'The import was taken back',
    exporting: 'Export',
    download: 'Download',
  },
  zh: {
    litellm: /LiteLLM/,
    way: '导入方式',
    content: '内容',
    preview: '预览结果',
    now: '立即导入',
    open: /打开修订/,
    undo: '撤销',
    undone: '已撤回导入',
    exporting: '导出',
    download: '下载',
  },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('imports a configuration after showing what it would do, and exports', async ({ page, shot }) => {
      await page.goto('/transfer')
      await page.getByRole('radio', { name: t.litellm }).check()
      await page.getByLabel(t.way, { exact: true }).selectOption('text')
      await page
        .getByLabel(t.content, { exact: true })
        .fill(
          [
            'model_list:',
            `  - model_name: imported-${language}`,
            '    litellm_params:',
            `      model: openai/imported-${language}`,
            `      api_base: https://${language}.example.com/v1`,
            `      api_key: sk-imported-${language}-0123456789`,
            '      rpm: 5',
          ].join('\n'),
        )
      await shot('transfer')
      await page.getByRole('button', { name: t.preview }).click()
      await expect(page.getByText('model_list[0].litellm_params.rpm')).toBeVisible()
      await shot('transfer-preview')
      await page.getByRole('button', { name: t.now }).click()
      await expect(page.getByRole('link', { name: t.open })).toBeVisible()
      await shot('transfer-done')
      await page.getByRole('button', { name: t.undo }).click()
      await expect(page.getByText(t.undone, { exact: true }).first()).toBeVisible()
      await page.getByRole('tab', { name: t.exporting, exact: true }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: t.download }).click()
      expect((await download).suggestedFilename()).toBe('roundhouse-export.yaml')
    })
  })
}
