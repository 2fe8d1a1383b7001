import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { presetOf } from '@/components/providers/presets'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { CheckResult } from './check-result'
import { ConnectForm } from './connect-form'
import { PresetPicker } from './preset-picker'

type Props = {
  /** The chosen preset; it stands in the address, so that a link can lead to one. */
  preset: string | undefined
  onPreset: (preset: string | undefined) => void
  onClose: () => void
}

/** Preset, address and keys, test: a new provider in three steps. */
export function AddProvider({ preset: id, onPreset, onClose }: Props) {
  const { t } = useTranslation('providers')
  const [made, setMade] = useState<string>()
  const [testing, setTesting] = useState(false)
  const preset = presetOf(id)
  const shown = preset && testing && made
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('addTitle')}
      description={preset ? undefined : t('addText')}
      size="lg"
      footer={
        shown ? (
          <>
            <Button onClick={onClose}>{t('close')}</Button>
            <Button asChild variant="primary">
              <Link to="/providers/$name" params={{ name: made }}>
                {t('openProvider')}
              </Link>
            </Button>
          </>
        ) : undefined
      }
    >
      {shown ? (
        <CheckResult
          name={made}
          listsModels={preset.listsModels !== false}
          onMend={() => setTesting(false)}
        />
      ) : preset ? (
        <ConnectForm
          key={preset.id}
          preset={preset}
          made={made}
          onBack={() => onPreset(undefined)}
          onDone={(name) => {
            setMade(name)
            setTesting(true)
          }}
        />
      ) : (
        <PresetPicker
          onPick={({ id }) => {
            setMade(undefined)
            onPreset(id)
          }}
        />
      )}
    </Overlay>
  )
}
