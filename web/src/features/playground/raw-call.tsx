import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tabs } from '@/components/ui/menu'
import { Overlay } from '@/components/ui/overlay'
import { Code, Facts } from '@/components/ui/surface'
import { asCurl } from './request'
import type { Run } from './state'

/** What went over the wire. */
export function RawCall({
  run,
  open,
  onOpenChange,
}: {
  run: Run
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation('playground')
  const [tab, setTab] = useState('request')
  const tabs = [
    { value: 'request', label: t('rawRequest'), content: <Code text={run.request} /> },
    { value: 'response', label: t('rawResponse'), content: <Code text={run.raw || run.error || ''} /> },
    {
      value: 'headers',
      label: t('rawHeaders'),
      content: <Facts items={[[t('httpStatus'), run.httpStatus ?? '–'], ...Object.entries(run.headers)]} />,
    },
    { value: 'curl', label: 'curl', content: <Code text={asCurl(location.origin, run.request)} /> },
  ]
  return (
    <Overlay open={open} onOpenChange={onOpenChange} title={t('raw')} shape="sheet" size="lg">
      <Tabs tabs={tabs} value={tab} onValueChange={setTab} />
    </Overlay>
  )
}
