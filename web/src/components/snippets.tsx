import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tabs } from '@/components/ui/menu'
import { Code } from '@/components/ui/surface'
import { snippets } from '@/lib/snippets'

type Props = {
  /** The server's address without a path. */
  baseUrl: string
  accessKey: string
  model: string
}

/** What to copy into the client that one has. */
export function Snippets(target: Props) {
  const { t } = useTranslation('snippets')
  const [chosen, setChosen] = useState('curl')
  const tabs = snippets(target).map(({ name, title, text, kind }) => ({
    value: name,
    label: title,
    content: (
      <>
        <p className="text-ink-soft mb-2">{t([name, kind])}</p>
        <Code text={text} />
      </>
    ),
  }))
  return <Tabs tabs={tabs} value={chosen} onValueChange={setChosen} />
}
