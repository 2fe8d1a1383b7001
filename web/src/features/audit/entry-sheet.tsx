import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Code, Facts } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { AuditSearch } from './audit-page'
import { type Entry, entryQuery } from './queries'
import { useWords } from './words'

type Props = { id: string | undefined; onSearch: (part: AuditSearch) => void }

/** All that an entry says. */
export function EntrySheet({ id, onSearch }: Props) {
  const { t } = useTranslation('audit')
  return (
    <Overlay
      open={id !== undefined}
      onOpenChange={(open) => !open && onSearch({ entry: undefined })}
      title={t('entry')}
      shape="sheet"
    >
      {id !== undefined && <Content id={id} onSearch={onSearch} />}
    </Overlay>
  )
}

function Content({ id, onSearch }: { id: string } & Pick<Props, 'onSearch'>) {
  const { t } = useTranslation('audit')
  const query = useQuery(entryQuery(id))
  return (
    <Loading query={query}>
      {(entry) =>
        entry ? <Shown entry={entry} onSearch={onSearch} /> : <p className="text-ink-soft">{t('gone')}</p>
      }
    </Loading>
  )
}

function Shown({ entry, onSearch }: { entry: Entry } & Pick<Props, 'onSearch'>) {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const words = useWords()
  const { actor_id: actor, object_kind, object_id } = entry
  return (
    <div className="flex flex-col gap-5">
      <Facts
        items={[
          [t('time'), `${format.dateTime(entry.at)} (${format.ago(entry.at)})`],
          [t('actor'), words.actor(entry)],
          [
            t('action'),
            <span key="action">
              {words.action(entry.action)}{' '}
              <code className="text-ink-faint font-mono text-xs">{entry.action}</code>
            </span>,
          ],
          [
            t('object'),
            <span key="object">
              {words.kind(object_kind)}: <ObjectLink entry={entry} />
            </span>,
          ],
          [
            t('objectId'),
            <code key="id" className="font-mono text-xs break-all">
              {object_id}
            </code>,
          ],
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          onClick={() =>
            onSearch({ entry: undefined, object_kind, object_id, action: undefined, actor: undefined })
          }
        >
          {t('sameObject')}
        </Button>
        {actor && (
          <Button
            size="sm"
            onClick={() =>
              onSearch({
                entry: undefined,
                actor,
                action: undefined,
                object_kind: undefined,
                object_id: undefined,
              })
            }
          >
            {t('sameActor')}
          </Button>
        )}
      </div>
      <section>
        <h3 className="mb-2 font-semibold">{t('detail')}</h3>
        {entry.detail == null ? (
          <p className="text-ink-soft">{t('noDetail')}</p>
        ) : (
          <Code text={JSON.stringify(entry.detail, null, 2)} />
        )}
      </section>
    </div>
  )
}

/** What it was done to, where it can be looked at. */
function ObjectLink({ entry }: { entry: Entry }) {
  const { object_kind: kind, object_id: id, object_name: name } = entry
  const text = name || id
  const look = 'text-brand break-words underline-offset-4 hover:underline'
  if (kind === 'revision')
    return (
      <Link to="/revisions/$id" params={{ id }} className={look}>
        {text}
      </Link>
    )
  if (kind === 'provider')
    return (
      <Link to="/providers/$name" params={{ name: id }} className={look}>
        {text}
      </Link>
    )
  if (kind === 'user')
    return (
      <Link to="/users/$id" params={{ id }} className={look}>
        {text}
      </Link>
    )
  if (kind === 'group')
    return (
      <Link to="/groups/$id" params={{ id }} className={look}>
        {text}
      </Link>
    )
  if (kind === 'job')
    return (
      <Link to="/jobs/$id" params={{ id }} className={look}>
        {text}
      </Link>
    )
  if (kind === 'request')
    return (
      <Link to="/requests/$id" params={{ id }} className={look}>
        {text}
      </Link>
    )
  return text
}
