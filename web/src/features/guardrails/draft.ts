import type { Schema } from '@/lib/api'

export type Guardrail = Schema<'ShownGuardrail'>
export type Body = Schema<'GuardrailBody'>
export type Pattern = { pattern: string; action: 'block' | 'mask'; replacement: string }
export type Judge = 'patterns' | 'moderation' | 'endpoint'

/** What the form holds. */
export type Draft = {
  name: string
  enabled: boolean
  judge: Judge
  onRequest: boolean
  onAnswer: boolean
  allTexts: boolean
  accessKeys: string
  patterns: Pattern[]
  model: string
  categories: string
  url: string
  token: string
  allowOnError: boolean
  message: string
}

export const emptyPattern: Pattern = { pattern: '', action: 'mask', replacement: '' }

export const emptyDraft: Draft = {
  name: '',
  enabled: true,
  judge: 'patterns',
  onRequest: true,
  onAnswer: true,
  allTexts: false,
  accessKeys: '',
  patterns: [emptyPattern],
  model: '',
  categories: '',
  url: '',
  token: '',
  allowOnError: false,
  message: '',
}

export function judgeOf(spec: Body): Judge {
  if (spec.moderation) return 'moderation'
  return spec.endpoint ? 'endpoint' : 'patterns'
}

export function draftOf({ name, spec }: Guardrail): Draft {
  const stages = spec.stages ?? ['request', 'answer']
  return {
    ...emptyDraft,
    name,
    enabled: spec.enabled ?? true,
    judge: judgeOf(spec),
    onRequest: stages.includes('request'),
    onAnswer: stages.includes('answer'),
    allTexts: spec.texts === 'all',
    accessKeys: (spec.access_keys ?? []).join('\n'),
    patterns: (spec.patterns ?? []).map(({ pattern, action, replacement }) => ({
      pattern,
      action: action ?? 'block',
      replacement: replacement ?? '',
    })),
    model: spec.moderation?.model ?? '',
    categories: (spec.moderation?.categories ?? []).join('\n'),
    url: spec.endpoint?.url ?? '',
    allowOnError: spec.on_error === 'allow',
    message: spec.message ?? '',
  }
}

/** The body of the form: exactly one judge, the others taken away. A token is sent only when one was typed. */
export function bodyOf(draft: Draft): Body {
  const accessKeys = lines(draft.accessKeys)
  const categories = lines(draft.categories)
  const stages: ('request' | 'answer')[] = []
  if (draft.onRequest) stages.push('request')
  if (draft.onAnswer) stages.push('answer')
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    stages,
    texts: draft.allTexts ? 'all' : 'user',
    access_keys: accessKeys.length > 0 ? accessKeys : null,
    patterns:
      draft.judge === 'patterns'
        ? draft.patterns
            .filter(({ pattern }) => pattern)
            .map(({ pattern, action, replacement }) => ({
              pattern,
              action,
              replacement: action === 'mask' && replacement ? replacement : null,
            }))
        : [],
    moderation:
      draft.judge === 'moderation'
        ? { model: draft.model.trim(), categories: categories.length > 0 ? categories : null }
        : null,
    endpoint:
      draft.judge === 'endpoint'
        ? { url: draft.url.trim(), ...(draft.token ? { token: draft.token } : {}) }
        : null,
    on_error: draft.allowOnError ? 'allow' : 'block',
    message: draft.message.trim() || null,
  }
}

function lines(text: string): string[] {
  return text
    .split(/[\n,，]/)
    .map((line) => line.trim())
    .filter(Boolean)
}
