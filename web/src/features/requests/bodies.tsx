import { Eye } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Loading } from '@/components/ui/states'
import { Code, Notice, Panel } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { type LoggedRequest, useBodies } from './queries'

type Props = { request: LoggedRequest; shown: boolean; onShow: () => void }

/** What was sent and answered, where that was captured and one may see it. */
export function Bodies({ request, shown, onShow }: Props) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const mayRead = useMay()('requests.read_bodies')
  const there = request.has_bodies === true
  const query = useBodies(request.id, shown && there && mayRead)
  return (
    <Panel title={t('bodies')}>
      {!there ? (
        <p className="text-ink-soft">{t('noBodies')}</p>
      ) : !mayRead ? (
        <p className="text-ink-soft">{t('mayNotReadBodies')}</p>
      ) : !shown ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={onShow}>
            <Eye /> {t('showBodies')}
          </Button>
          <span className="text-ink-faint text-xs">{t('audited')}</span>
        </div>
      ) : (
        <Loading query={query}>
          {({ request: sent, response, captured_at }) => (
            <div className="flex flex-col gap-4">
              <Body title={t('requestBody')} body={sent} />
              <Body title={t('responseBody')} body={response} />
              <p className="text-ink-faint text-xs">
                {t('capturedAt', { time: format.dateTime(captured_at) })}
              </p>
            </div>
          )}
        </Loading>
      )}
    </Panel>
  )
}

function Body({ title, body }: { title: string; body: Schema<'ShownBody'> | null | undefined }) {
  const { t } = useTranslation('requests')
  return (
    <div className="min-w-0">
      <h3 className="mb-1.5 font-medium">{title}</h3>
      {body ? <Code text={readable(body.text)} /> : <p className="text-ink-soft">{t('notCaptured')}</p>}
      {body?.cut && (
        <Notice tone="warn" className="mt-2">
          {t('cut')}
        </Notice>
      )}
    </div>
  )
}

/** JSON with its structure shown; all else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
