import { expect, languages, test } from './house'

const texts = {
  en: { kind: 'Check providers', done: 'Done', checked: 'Checked', schedules: 'Schedules', next: 'Next' },
  zh: { kind: '检查提供商', done: '完成', checked: '已检查', schedules: '定时计划', next: '下次' },
}

for (const language of languages) {
  const t = texts[language]
  test.describe(language, () => {
    test.use({ language })

    test('shows a job to its end, and the schedules', async ({ page, house, shot }) => {
      const started = await house.api.post('/api/v1/health/check-all')
      const { job_id: id } = await started.json()
      await page.goto(`/jobs/${id}`)
      await expect(page.getByRole('heading', { level: 1 })).toContainText(t.done)
      await expect(page.getByText(t.checked, { exact: true })).toBeVisible()
      await shot('job')
      await page.goto('/jobs?state=done')
      await expect(page.getByRole('link', { name: t.kind }).first()).toBeVisible()
      await shot('jobs')
      await page.getByRole('tab', { name: t.schedules }).click()
      await expect(page.getByRole('columnheader', { name: t.next })).toBeVisible()
      await shot('schedules')
    })
  })
}
