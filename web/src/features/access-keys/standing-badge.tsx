import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import { type AccessKey, type Standing, standing } from './draft'

const tones: Record<Standing, Tone> = { works: 'good', disabled: 'neutral', expired: 'warn', revoked: 'bad' }

export function StandingBadge({ accessKey }: { accessKey: AccessKey }) {
  const { t } = useTranslation('access-keys')
  const now = standing(accessKey)
  return <Badge tone={tones[now]}>{t(`standing.${now}`)}</Badge>
}
