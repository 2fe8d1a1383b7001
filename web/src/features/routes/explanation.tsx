import { useQuery } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Loading } from '@/components/ui/states'
import { Badge, Notice } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { type Asked, type ShownTarget, explainQuery } from './queries'
import { StandingBadge, useReason } from './standing'

/** Who would get a request now, and why each other would not. */
export function Explanation({ model, asked }: { model: string; asked: Asked }) {
  const { t } = useTranslation('routes')
  const query = useQuery(explainQuery(model, asked))
  return (
    <Loading query={query}>
      {({ first, routes }) => (
        <div className="flex flex-col gap-4">
          {first ? (
            <Notice tone="good">
              <ArrowRight className="mr-1 inline size-4" aria-hidden />
              {t('explain.first', { provider: first.provider, model: first.model })}
            </Notice>
          ) : (
            <Notice tone="bad">{t('explain.nobody')}</Notice>
          )}
          {routes.map(({ name, strategy, tiers }, index) => (
            <section key={name}>
              {index > 0 && (
                <h3 className="mb-2 font-medium">
                  {name ? (
                    <>
                      {t('explain.fallback')}{' '}
                      <Link
                        to="/routes/$model"
                        params={{ model: name }}
                        className="text-brand break-all hover:underline"
                      >
                        {name}
                      </Link>
                    </>
                  ) : (
                    t('explain.unlisted')
                  )}
                </h3>
              )}
              <ol className="divide-line divide-y">
                {tiers.flatMap((targets, tier) =>
                  inOrder(targets).map((target, place) => (
                    <Line
                      key={`${tier}.${place}`}
                      target={target}
                      tier={tiers.length > 1 ? tier + 1 : undefined}
                      strategy={strategy}
                      isFallback={index > 0}
                    />
                  )),
                )}
              </ol>
            </section>
          ))}
        </div>
      )}
    </Loading>
  )
}

/** Those that would be asked come first. */
function inOrder(targets: ShownTarget[]): ShownTarget[] {
  const order = (target: ShownTarget) => target.order ?? Number.MAX_SAFE_INTEGER
  return [...targets].sort((a, b) => order(a) - order(b))
}

function Line({
  target,
  tier,
  strategy,
  isFallback,
}: {
  target: ShownTarget
  tier: number | undefined
  strategy: string
  isFallback: boolean
}) {
  const { t } = useTranslation('routes')
  const reason = useReason()
  return (
    <li className="flex gap-3 py-2.5">
      <span
        title={target.order ? t('explain.order', { order: target.order }) : t('explain.notAsked')}
        className={cn(
          'flex size-6 shrink-0 items-center justify-center rounded-full text-xs font-semibold tabular-nums',
          target.order ? 'bg-brand-soft text-brand' : 'bg-sunken text-ink-faint',
        )}
      >
        {target.order ?? '–'}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-all">{target.model}</span>
          <span className="text-ink-soft">{target.provider}</span>
          <StandingBadge target={target} />
          {tier && <span className="text-ink-faint text-xs">{t('tier', { number: tier })}</span>}
          {target.protocol === 'translated' && <Badge>{t('explain.translated')}</Badge>}
        </div>
        <p className="text-ink-soft mt-0.5">{reason(target, strategy, isFallback)}</p>
      </div>
    </li>
  )
}
