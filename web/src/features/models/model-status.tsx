import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import type { Model } from './queries'

const tones: Record<string, Tone> = {
  served: 'good',
  disabled: 'neutral',
  provider_disabled: 'neutral',
  missing: 'warn',
  deleted: 'bad',
}

export function ModelStatus({ model }: { model: Model }) {
  const { t } = useTranslation('models')
  return <Badge tone={tones[model.status] ?? 'neutral'}>{t(`statuses.${model.status}`)}</Badge>
}
