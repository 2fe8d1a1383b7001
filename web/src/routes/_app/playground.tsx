import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Loading } from '@/components/ui/states'
import { Notice } from '@/components/ui/surface'
import { Playground } from '@/features/playground/playground'
import { nothing, replayQuery } from '@/features/playground/replay'
import { usableModelsQuery } from '@/lib/usable-models'

export const Route = createFileRoute('/_app/playground')({
  /** `models` are compared side by side; `model` is the short form for one; `request` is a logged request to ask again. */
  validateSearch: z.object({
    model: z.optional(z.string()),
    models: z.optional(z.array(z.string())),
    request: z.optional(z.string()),
  }),
  component: Page,
})

function Page() {
  const { t } = useTranslation('playground')
  const { model, models, request } = Route.useSearch()
  const navigate = Route.useNavigate()
  const replay = useQuery({ ...replayQuery(request ?? ''), enabled: request !== undefined })
  const offered = useQuery(usableModelsQuery)
  const onModels = (names: string[]) =>
    void navigate({ search: (before) => ({ ...before, model: undefined, models: names }), replace: true })
  const named = models ?? (model ? [model] : [])
  if (request === undefined) {
    return (
      <Loading query={offered}>
        {() => <Playground models={named} onModels={onModels} beginning={nothing} />}
      </Loading>
    )
  }
  return (
    <Loading query={replay}>
      {(found) => (
        <>
          {!found.whole && (
            <Notice tone="warn" className="mb-4">
              {t('replayPartly')}
            </Notice>
          )}
          {found.leftOut.length > 0 && (
            <Notice tone="warn" className="mb-4">
              {t('replayLeftOut', { names: found.leftOut.join(', ') })}
            </Notice>
          )}
          <Playground
            key={request}
            models={named.length > 0 ? named : [found.model]}
            onModels={onModels}
            beginning={found.beginning}
          />
        </>
      )}
    </Loading>
  )
}
