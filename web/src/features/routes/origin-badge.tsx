import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/surface'

const tones = { configured: 'brand', declared: 'warn' } satisfies Record<string, 'brand' | 'warn'>

export function OriginBadge({ origin }: { origin: string }) {
  const { t } = useTranslation('routes')
  const tone = origin === 'configured' || origin === 'declared' ? tones[origin] : 'neutral'
  return <Badge tone={tone}>{t(`origins.${origin}`)}</Badge>
}
