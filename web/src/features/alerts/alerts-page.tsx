import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Tabs } from '@/components/ui/menu'
import { PageHeader } from '@/components/ui/surface'
import { useMay } from '@/lib/session'
import { ChannelForm } from './channel-form'
import { ChannelsTab } from './channels-tab'
import { EventsTab } from './events-tab'
import { FiringPanel } from './firing-panel'
import { RuleForm } from './rule-form'
import { RulesTab } from './rules-tab'
import { SilenceForm } from './silence-form'
import { SilencesTab } from './silences-tab'

/** `add` and `edit` open the form of the tab; `alert` and `object` say what a new silence or the events are about. */
export type AlertsSearch = {
  tab?: string | undefined
  add?: boolean | undefined
  edit?: string | undefined
  alert?: string | undefined
  object?: string | undefined
}

type Props = { search: AlertsSearch; onSearch: (search: AlertsSearch) => void }

export function AlertsPage({ search, onSearch }: Props) {
  const { t } = useTranslation('alerts')
  const mayDo = useMay()
  const tab = ['channels', 'silences', 'events'].find((one) => one === search.tab) ?? 'rules'
  const go = (part: AlertsSearch) => onSearch({ tab: tab === 'rules' ? undefined : tab, ...part })
  const add = () => go({ add: true })
  const edit = (name: string) => go({ edit: name })
  const close = () => go({})
  const silence = (alert: string, object?: string) => onSearch({ tab: 'silences', add: true, alert, object })
  const open = search.add === true || search.edit !== undefined
  const adds: Record<string, string> = { rules: 'addRule', channels: 'addChannel', silences: 'addSilence' }
  const label = adds[tab]
  const content = {
    rules: (
      <RulesTab
        onAdd={add}
        onEdit={edit}
        onSilence={silence}
        onEvents={(alert) => onSearch({ tab: 'events', alert })}
      />
    ),
    channels: <ChannelsTab onAdd={add} onEdit={edit} />,
    silences: <SilencesTab onAdd={add} />,
    events: <EventsTab alert={search.alert} onAlert={(alert) => go({ alert })} />,
  }
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        {label && mayDo('alerts.write') && (
          <Button variant="primary" onClick={add}>
            <Plus /> {t(label)}
          </Button>
        )}
      </PageHeader>
      <FiringPanel onSilence={silence} />
      <Tabs
        value={tab}
        onValueChange={(next) => onSearch({ tab: next === 'rules' ? undefined : next })}
        tabs={Object.entries(content).map(([value, shown]) => ({
          value,
          label: t(`tab.${value}`),
          content: shown,
        }))}
      />
      <RuleForm edit={search.edit} open={open && tab === 'rules'} onClose={close} />
      <ChannelForm edit={search.edit} open={open && tab === 'channels'} onClose={close} />
      <SilenceForm
        alert={search.alert}
        object={search.object}
        open={open && tab === 'silences'}
        onClose={close}
      />
    </>
  )
}
