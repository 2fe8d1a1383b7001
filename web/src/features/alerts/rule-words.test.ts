import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { formats } from '@/lib/format'
import { wordsOf } from './finding'
import en from './locales/en.json'
import { partsOf, sentenceOf } from './rule-words'

const format = formats('en', 'UTC')

describe('alerts in words', () => {
  beforeAll(() => i18next.init({ lng: 'en', resources: { en: { alerts: en } }, defaultNS: 'alerts' }))
  const t = () => i18next.getFixedT('en', 'alerts')

  it('fills in what the server leaves out', () => {
    expect(sentenceOf({ when: 'provider_errors' }, t())).toBe(
      'More than 10 % of the calls to a provider fail within 5 minutes',
    )
    expect(sentenceOf({ when: 'latency', threshold: 800, percentile: 50, window: '1h' }, t())).toContain(
      'p50 of a provider is above 800 ms within 1 hour',
    )
  })

  it('reads every way to write a time', () => {
    expect(partsOf('10min')).toEqual({ amount: '10', unit: 'm' })
    expect(partsOf(90)).toEqual({ amount: '90', unit: 's' })
    expect(partsOf('1.5 h')).toEqual({ amount: '1.5', unit: 'h' })
  })

  it('tells findings of later versions in the words of the server', () => {
    const finding = { kind: 'few_keys', provider: 'a', usable: 1, total: 4 }
    expect(wordsOf({ finding, title: 'x' }, t(), format).title).toBe('a has 1 usable key of 4')
    expect(wordsOf({ finding: { kind: 'flood' }, title: 'wet feet' }, t(), format)).toEqual({
      title: 'wet feet',
    })
  })
})
