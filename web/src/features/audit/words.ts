import { useTranslation } from 'react-i18next'
import type { Entry } from './queries'

/** What stands in an entry, in the reader's language; what is not known yet, as it is. */
export function useWords() {
  const { t } = useTranslation('audit')
  return {
    action: (action: string) => t(`actions.${action}`, action),
    kind: (kind: string) => t(`kinds.${kind}`, kind),
    actor: ({ actor }: Entry) => (actor === 'operator' || actor === 'system' ? t(`actors.${actor}`) : actor),
  }
}
