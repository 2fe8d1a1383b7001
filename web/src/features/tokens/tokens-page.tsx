import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus, TicketCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { FreshTokenDialog } from './fresh-token'
import { type FreshToken, tokensQuery } from './queries'
import { TokenForm } from './token-form'
import { TokenLine } from './token-line'

type Props = { adding: boolean; onAdding: (adding: boolean) => void }

export function TokensPage({ adding, onAdding }: Props) {
  const { t } = useTranslation('tokens')
  const query = useInfiniteQuery(tokensQuery)
  const [fresh, setFresh] = useState<FreshToken>()
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        <Button variant="primary" onClick={() => onAdding(true)}>
          <Plus /> {t('add')}
        </Button>
      </PageHeader>
      <Card>
        <Loading query={query}>
          {({ pages }) => {
            const tokens = pages.flatMap(({ items }) => items)
            if (tokens.length === 0)
              return (
                <EmptyState icon={TicketCheck} title={t('none')} text={t('noneText')}>
                  <Button variant="primary" onClick={() => onAdding(true)}>
                    {t('add')}
                  </Button>
                </EmptyState>
              )
            return (
              <>
                <ul className="divide-line divide-y">
                  {tokens.map((token) => (
                    <TokenLine key={token.id} token={token} />
                  ))}
                </ul>
                {query.hasNextPage && (
                  <div className="border-line flex justify-center border-t p-3">
                    <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      {t('loading.more')}
                    </Button>
                  </div>
                )}
              </>
            )
          }}
        </Loading>
      </Card>
      <TokenForm
        open={adding}
        onClose={() => onAdding(false)}
        onMade={(token) => {
          setFresh(token)
          onAdding(false)
        }}
      />
      <FreshTokenDialog token={fresh} onClose={() => setFresh(undefined)} />
    </>
  )
}
