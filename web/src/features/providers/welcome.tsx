import { Check } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { presetOf } from '@/components/providers/presets'
import { Button } from '@/components/ui/button'
import { Card, Notice, PageHeader } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { useMay } from '@/lib/session'
import { ConnectForm } from './connect-form'
import { WelcomeAccess } from './welcome-access'
import { WelcomeCheck } from './welcome-check'
import { WelcomePick } from './welcome-pick'

export const steps = ['pick', 'connect', 'check', 'access'] satisfies string[]
export type Step = (typeof steps)[number]

type Props = {
  step: string
  preset: string | undefined
  provider: string | undefined
  go: (to: { step: string; preset?: string | undefined; provider?: string | undefined }) => void
}

/** From nothing to a first answer: provider, key, test, access key. */
export function Welcome({ step, preset: id, provider, go }: Props) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const preset = presetOf(id)
  // An address that lacks what its step needs leads to the step that asks for it.
  const shown =
    step === 'connect' && preset
      ? 'connect'
      : (step === 'check' || step === 'access') && provider
        ? step
        : 'pick'
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={t('welcome.title')} text={t('welcome.intro')}>
        <Button asChild variant="ghost">
          <Link to="/">{t('welcome.skip')}</Link>
        </Button>
      </PageHeader>
      <Steps current={steps.indexOf(shown)} />
      <Card className="p-4 sm:p-6">
        {!mayDo('providers.write') && shown === 'pick' && (
          <Notice tone="warn" className="mb-4">
            {t('welcome.mayNot')}
          </Notice>
        )}
        {shown === 'pick' && (
          <WelcomePick
            onPreset={(chosen) => go({ step: 'connect', preset: chosen })}
            onExisting={(name) => go({ step: 'access', provider: name })}
          />
        )}
        {shown === 'connect' && preset && (
          <ConnectForm
            key={preset.id}
            preset={preset}
            made={provider}
            onBack={() => go({ step: 'pick' })}
            onDone={(name) => go({ step: 'check', preset: preset.id, provider: name })}
          />
        )}
        {shown === 'check' && provider && (
          <WelcomeCheck
            provider={provider}
            onMend={preset && (() => go({ step: 'connect', preset: preset.id, provider }))}
            onNext={() => go({ step: 'access', preset: preset?.id, provider })}
          />
        )}
        {shown === 'access' && provider && <WelcomeAccess provider={provider} />}
      </Card>
    </div>
  )
}

function Steps({ current }: { current: number }) {
  const { t } = useTranslation('providers')
  return (
    <ol aria-label={t('welcome.steps')} className="mb-4 flex items-center gap-2">
      {steps.map((step, index) => (
        <Marker
          key={step}
          state={index < current ? 'past' : index === current ? 'now' : 'later'}
          number={index + 1}
        >
          {t(`welcome.step.${step}`)}
        </Marker>
      ))}
    </ol>
  )
}

type MarkerProps = { state: 'past' | 'now' | 'later'; number: number; children: ReactNode }

function Marker({ state, number, children }: MarkerProps) {
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={cn(
        'flex items-center gap-2 not-last:flex-1 not-last:after:h-px not-last:after:flex-1',
        state === 'past' ? 'not-last:after:bg-brand' : 'not-last:after:bg-line-strong',
      )}
    >
      <span
        className={cn(
          'flex size-7 shrink-0 items-center justify-center rounded-full text-xs font-semibold',
          state === 'later' ? 'bg-sunken text-ink-faint' : 'bg-brand text-brand-ink',
        )}
      >
        {state === 'past' ? <Check className="size-4" aria-hidden /> : number}
      </span>
      <span
        className={cn(
          'whitespace-nowrap',
          state === 'now' ? 'font-medium' : 'text-ink-soft hidden sm:inline',
        )}
      >
        {children}
      </span>
    </li>
  )
}
