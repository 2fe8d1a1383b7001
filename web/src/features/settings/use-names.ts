import { useTranslation } from 'react-i18next'
import chinese from './names.zh.json'
import type { Spec } from './specs'
import { inUnit } from './state'

const names = new Map(Object.entries(chinese))

/** `max_attempts` as "Max attempts"; what is written large stays so. */
function readable(name: string): string {
  const text = name.replaceAll('_', ' ').replace(/\b(url|ttl|usd|cors|api)\b/g, (word) => word.toUpperCase())
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const words: Record<string, string> = { none: '无', true: '是', false: '否', any: '任意', nobody: '无' }

/** Names and descriptions of settings in the chosen language; the schema's own where there is no other. */
export function useNames() {
  const { i18n } = useTranslation('settings')
  const isChinese = i18n.language === 'zh'
  const find = (path: string[], description: string) => {
    const [label, text] = (isChinese && names.get(path.join('.'))) || []
    return { label: label ?? readable(path.at(-1) ?? ''), text: text ?? description }
  }
  const defaultOf = ({ kind, defaultText = '' }: Spec) => {
    if (kind === 'bytes' && /^\d+$/.test(defaultText)) {
      const { amount, name } = inUnit(Number(defaultText))
      return `${amount} ${name}`
    }
    return (isChinese && words[defaultText]) || defaultText
  }
  return Object.assign(find, { defaultOf })
}
