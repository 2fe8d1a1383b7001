import { useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Notice, Panel } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, body, explain } from '@/lib/api'
import { useMay } from '@/lib/session'
import { download } from './data'

/** Everything that is configured as a file, with secrets sealed by a passphrase or left out. */
export function ExportPanel() {
  const { t } = useTranslation('transfer')
  const toast = useToast()
  const mayReveal = useMay()('keys.reveal')
  const [format, setFormat] = useState('roundhouse')
  const [form, setForm] = useState('yaml')
  const [sealed, setSealed] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [provider, setProvider] = useState('')
  const providers = useQuery({
    queryKey: ['providers', 'names'],
    queryFn: () => body(api.GET('/api/v1/providers')),
    enabled: format === 'keys.txt',
  })
  const isOurs = format === 'roundhouse'
  const mismatch = isOurs && sealed && again !== '' && again !== passphrase
  const get = useMutation({
    mutationFn: () =>
      download(
        { format, ...(isOurs ? { form } : {}), ...(format === 'keys.txt' ? { provider } : {}) },
        isOurs && sealed ? passphrase : undefined,
      ),
    onSuccess: (name) => toast.done(t('downloaded', { name })),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!mismatch) get.mutate()
  }
  return (
    <Panel title={t('export.title')}>
      <form onSubmit={send} className="flex max-w-3xl flex-col gap-4">
        <Field label={t('export.format')} hint={t(`export.formats.${format.replace('.', '_')}.text`)}>
          <Select value={format} onChange={(event) => setFormat(event.target.value)}>
            <option value="roundhouse">{t('export.formats.roundhouse.name')}</option>
            {mayReveal && <option value="uni-api">{t('export.formats.uni-api.name')}</option>}
            {mayReveal && <option value="keys.txt">{t('export.formats.keys_txt.name')}</option>}
          </Select>
        </Field>
        {isOurs && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('export.form')}>
              <Select value={form} onChange={(event) => setForm(event.target.value)}>
                <option value="yaml">YAML</option>
                <option value="json">JSON</option>
              </Select>
            </Field>
            <Field label={t('export.secrets')}>
              <Select
                value={sealed ? 'sealed' : 'without'}
                onChange={(event) => setSealed(event.target.value === 'sealed')}
              >
                <option value="without">{t('export.without')}</option>
                {mayReveal && <option value="sealed">{t('export.sealed')}</option>}
              </Select>
            </Field>
          </div>
        )}
        {isOurs && sealed && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('needs.passphrase.name')} hint={t('export.passphraseHint')}>
              <Input
                type="password"
                required
                pattern="[ -~]+"
                title={t('export.ascii')}
                autoComplete="new-password"
                value={passphrase}
                onChange={(event) => setPassphrase(event.target.value)}
              />
            </Field>
            <Field label={t('export.again')} error={mismatch ? t('export.mismatch') : undefined}>
              <Input
                type="password"
                required
                autoComplete="new-password"
                value={again}
                onChange={(event) => setAgain(event.target.value)}
              />
            </Field>
          </div>
        )}
        {format === 'keys.txt' && (
          <Field label={t('provider')}>
            <Select required value={provider} onChange={(event) => setProvider(event.target.value)}>
              <option value="">{t('export.chooseProvider')}</option>
              {providers.data?.items.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        )}
        {!isOurs && <Notice tone="warn">{t('export.clear')}</Notice>}
        {get.error && (
          <Notice tone="bad" className="whitespace-pre-line">
            {explain(get.error)}
          </Notice>
        )}
        <Button type="submit" variant="primary" className="self-start" busy={get.isPending}>
          <Download />
          {t('export.action')}
        </Button>
      </form>
    </Panel>
  )
}
