import { useTranslation } from 'react-i18next'
import { Tabs } from '@/components/ui/menu'
import { PageHeader } from '@/components/ui/surface'
import { JobList } from './job-list'
import type { JobFilter } from './queries'
import { ScheduleList } from './schedule-list'

export type JobsSearch = JobFilter & { tab?: string | undefined }
type Props = { search: JobsSearch; onSearch: (search: JobsSearch) => void }

export function JobsPage({ search, onSearch }: Props) {
  const { t } = useTranslation('jobs')
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Tabs
        value={search.tab === 'schedules' ? 'schedules' : 'jobs'}
        onValueChange={(tab) => onSearch(tab === 'schedules' ? { tab } : {})}
        tabs={[
          {
            value: 'jobs',
            label: t('jobs'),
            content: <JobList filter={search} onFilter={(part) => onSearch({ ...search, ...part })} />,
          },
          { value: 'schedules', label: t('schedules'), content: <ScheduleList /> },
        ]}
      />
    </>
  )
}
