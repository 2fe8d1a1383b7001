import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { CopyButton, Notice } from '@/components/ui/surface'

/** Codes for those who lose their second factor, shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation('account')
  const text = codes.join('\n')
  const download = () => {
    const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = address
    link.download = 'roundhouse-recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="warn">{t('codesText')}</Notice>
      <ul className="border-line bg-sunken grid grid-cols-2 gap-x-4 gap-y-1.5 rounded-md border p-4 font-mono">
        {codes.map((code) => (
          <li key={code} className="break-all">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} size="md" />
        <Button onClick={download}>
          <Download /> {t('download')}
        </Button>
        <Button variant="primary" onClick={onDone}>
          {t('codesKept')}
        </Button>
      </div>
    </div>
  )
}
