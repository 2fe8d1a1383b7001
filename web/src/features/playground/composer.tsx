import { ImagePlus, Send, Square, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/field'
import { Card } from '@/components/ui/surface'
import { Picture } from './picture'
import type { Message } from './state'

type Props = {
  draft: { text: string; images: string[] }
  busy: boolean
  ready: boolean
  /** Whether there is something to send even with nothing written. */
  resumable: boolean
  onAsk: (messages: Message[]) => void
  onStop: () => void
}

/** Where the next question is written. Enter sends, Shift+Enter begins a line. */
export function Composer({ draft, busy, ready, resumable, onAsk, onStop }: Props) {
  const { t } = useTranslation('playground')
  const [text, setText] = useState(draft.text)
  const [images, setImages] = useState(draft.images)
  const files = useRef<HTMLInputElement>(null)
  const written = text.trim() !== '' || images.length > 0
  const can = ready && !busy && (written || resumable)
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (!can) return
    onAsk(written ? [{ role: 'user', text, images }] : [])
    setText('')
    setImages([])
  }
  const add = async (list: FileList | null) => {
    const read = await Promise.all([...(list ?? [])].map(dataUrl))
    setImages((before) => [...before, ...read])
  }
  return (
    <Card className="sticky bottom-3 p-3 shadow-sm">
      <form onSubmit={send} className="flex flex-col gap-2">
        {images.length > 0 && (
          <ul className="flex flex-wrap gap-2">
            {images.map((url, index) => (
              <li key={url} className="relative">
                <Picture
                  url={url}
                  alt={t('image', { number: index + 1 })}
                  className="border-line size-14 rounded border object-cover"
                />
                <Button
                  variant="secondary"
                  size="icon-sm"
                  className="absolute -top-2 -right-2 size-5 rounded-full"
                  aria-label={t('removeImage', { number: index + 1 })}
                  onClick={() => setImages(images.filter((_, at) => at !== index))}
                >
                  <X />
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Textarea
          aria-label={t('question')}
          placeholder={t('questionPlaceholder')}
          className="min-h-16 resize-y"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // While a Chinese word is being composed, Enter ends the word.
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event)
          }}
        />
        <div className="flex items-center gap-2">
          <input
            ref={files}
            type="file"
            accept="image/*"
            multiple
            hidden
            onChange={(event) => {
              // The same file may be chosen again after it was removed.
              void add(event.target.files).then(() => files.current && (files.current.value = ''))
            }}
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('addImage')}
            onClick={() => files.current?.click()}
          >
            <ImagePlus />
          </Button>
          <span className="flex-1" />
          {busy ? (
            <Button onClick={onStop}>
              <Square /> {t('stop')}
            </Button>
          ) : (
            <Button type="submit" variant="primary" disabled={!can}>
              <Send /> {t('send')}
            </Button>
          )}
        </div>
      </form>
    </Card>
  )
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(new Error(file.name)))
    reader.readAsDataURL(file)
  })
}
