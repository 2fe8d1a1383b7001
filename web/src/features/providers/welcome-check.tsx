import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Loading } from '@/components/ui/states'
import { CheckResult } from './check-result'
import { checkQuery, providerQuery } from './queries'
import { listsModels } from './spec'

type Props = { provider: string; onMend: (() => void) | undefined; onNext: () => void }

/** The test of the provider that was just connected. */
export function WelcomeCheck({ provider: name, onMend, onNext }: Props) {
  const { t } = useTranslation('providers')
  const provider = useQuery(providerQuery(name))
  const lists = provider.data !== undefined && listsModels(provider.data)
  const check = useQuery({ ...checkQuery(name, lists), enabled: false })
  return (
    <Loading query={provider}>
      {(found) => (
        <>
          <CheckResult name={name} listsModels={listsModels(found)} onMend={onMend} />
          <div className="mt-5 flex justify-end gap-2">
            <Button
              variant={check.data?.tested.works ? 'primary' : 'secondary'}
              disabled={check.isFetching}
              onClick={onNext}
            >
              {t('next')}
            </Button>
          </div>
        </>
      )}
    </Loading>
  )
}
