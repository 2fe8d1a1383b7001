import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useDoneWithUndo } from '@/lib/undo'
import { type Pool, providersQuery, shareOf } from './queries'

type Row = { provider: string; weight: string }
type Props = { pool: Pool | undefined; locked: boolean; onClose: () => void }

/** A new pool, or the members of one. */
export function PoolForm({ pool, locked, onClose }: Props) {
  const { t } = useTranslation('pools')
  const client = useQueryClient()
  const done = useDoneWithUndo()
  const providers = useQuery(providersQuery).data?.items ?? []
  const [name, setName] = useState(pool?.name ?? '')
  const [rows, setRows] = useState<Row[]>(
    pool?.spec.providers.map(({ provider, weight }) => ({ provider, weight: String(weight ?? 1) })) ?? [
      { provider: '', weight: '1' },
    ],
  )
  const members = rows
    .filter(({ provider }) => provider)
    .map(({ provider, weight }) => ({ provider, weight: Number(weight) }))
  const saved = useMutation({
    mutationFn: () =>
      pool
        ? body(
            api.PATCH('/api/v1/pools/{id}', {
              params: { path: { id: pool.name } },
              body: { name: pool.name, providers: members },
            }),
          )
        : body(api.POST('/api/v1/pools', { body: { name, providers: members } })),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['pools'] })
      onClose()
      void done(t('saved', { name: made.name }))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  const wrong = (field: string) => (saved.error instanceof ApiError ? saved.error.field(field) : undefined)
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={pool ? t('editTitle', { name: pool.name }) : t('add')}
      footer={
        locked ? undefined : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" form="pool" variant="primary" busy={saved.isPending}>
              {t('save')}
            </Button>
          </>
        )
      }
    >
      <form id="pool" onSubmit={submit} className="flex flex-col gap-4">
        {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
        {locked && <Notice tone="neutral">{t('declared')}</Notice>}
        {!pool && (
          <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
            <Input
              required
              pattern="[a-z0-9_\-]+"
              maxLength={100}
              value={name}
              autoFocus
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
        <fieldset className="flex flex-col gap-2" disabled={locked}>
          <legend className="mb-1.5 font-medium">{t('members')}</legend>
          <p className="text-ink-faint text-xs">{t('weightHint')}</p>
          {rows.map((row, index) => (
            <MemberRow
              key={index}
              row={row}
              share={shareOf({ provider: row.provider, weight: Number(row.weight) }, members)}
              names={providers
                .map((provider) => provider.name)
                .filter(
                  (other) => other === row.provider || !rows.some(({ provider }) => provider === other),
                )}
              onChange={(part) =>
                setRows((before) => before.map((old, at) => (at === index ? { ...old, ...part } : old)))
              }
              onRemove={
                rows.length > 1
                  ? () => setRows((before) => before.filter((_, at) => at !== index))
                  : undefined
              }
            />
          ))}
          {!locked && rows.length < providers.length && (
            <Button
              variant="link"
              className="self-start"
              onClick={() => setRows((before) => [...before, { provider: '', weight: '1' }])}
            >
              <Plus /> {t('addMember')}
            </Button>
          )}
        </fieldset>
      </form>
    </Overlay>
  )
}

type MemberProps = {
  row: Row
  share: number
  names: string[]
  onChange: (part: Partial<Row>) => void
  onRemove: (() => void) | undefined
}

function MemberRow({ row, share, names, onChange, onRemove }: MemberProps) {
  const { t } = useTranslation('pools')
  const format = useFormat()
  return (
    <div className="flex items-center gap-2">
      <Select
        aria-label={t('provider')}
        required
        value={row.provider}
        onChange={(event) => onChange({ provider: event.target.value })}
      >
        <option value="">{t('choose')}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Input
        type="number"
        min={0}
        required
        className="w-20 shrink-0"
        aria-label={t('weight')}
        value={row.weight}
        onChange={(event) => onChange({ weight: event.target.value })}
      />
      <span className="text-ink-faint w-12 shrink-0 text-right text-xs tabular-nums">
        {row.provider ? format.percent(share) : ''}
      </span>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('remove')}
        disabled={!onRemove}
        onClick={() => onRemove?.()}
      >
        <Trash2 />
      </Button>
    </div>
  )
}
