import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { rulesQuery } from './rules'
import { RulesEditor } from './rules-editor'

/** The rules that bring providers' names into one form. */
export function RulesSheet({ close }: { close: () => void }) {
  const { t } = useTranslation('models')
  const rules = useQuery(rulesQuery)
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && close()}
      shape="sheet"
      size="lg"
      title={t('ruleEditor.title')}
      description={t('ruleEditor.text')}
    >
      <Loading query={rules}>
        {(loaded) => <RulesEditor saved={loaded.rules} editable={loaded.editable} close={close} />}
      </Loading>
    </Overlay>
  )
}
