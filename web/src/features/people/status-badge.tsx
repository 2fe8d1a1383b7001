import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'

const tones: Record<string, Tone> = { active: 'good', invited: 'warn', disabled: 'neutral' }

export function StatusBadge({ status }: { status: string }) {
  const { t } = useTranslation('people')
  return <Badge tone={tones[status] ?? 'neutral'}>{t(`statuses.${status}`, status)}</Badge>
}

export function RoleBadge({ role }: { role: string }) {
  const { t } = useTranslation('people')
  return <Badge tone={role === 'administrator' ? 'brand' : 'neutral'}>{t(`roles.${role}`, role)}</Badge>
}
