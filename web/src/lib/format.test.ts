import { describe, expect, it } from 'vitest'
import { formats } from './format'

const en = formats('en', 'UTC')
const zh = formats('zh', 'Asia/Shanghai')

describe('formats', () => {
  it('writes money from billionths of a dollar, and keeps small amounts visible', () => {
    expect(en.money(1_234_500_000)).toBe('$1.23')
    expect(en.money(42_000)).toBe('$0.000042')
    expect(en.money(0)).toBe('$0.00')
  })

  it('writes times in the chosen zone', () => {
    expect(en.time('2026-12-01T03:04:05Z')).toBe('03:04:05')
    expect(zh.time('2026-12-01T03:04:05Z')).toBe('11:04:05')
  })

  it('writes how long ago in the language', () => {
    const now = Date.parse('2026-12-01T12:00:00Z')
    expect(en.ago('2026-12-01T11:57:00Z', now)).toBe('3 minutes ago')
    expect(zh.ago('2026-12-01T11:57:00Z', now)).toBe('3分钟前')
    expect(en.ago('2026-12-03T12:00:00Z', now)).toBe('in 2 days')
  })

  it('writes large numbers as the language does', () => {
    expect(en.compact(12_300)).toBe('12.3K')
    expect(zh.compact(123_000)).toBe('12.3万')
  })

  it('writes durations with fitting units', () => {
    expect([850, 1234, 45_000, 185_000].map(en.duration)).toEqual(['850 ms', '1.2 s', '45 s', '3 min 5 s'])
  })
})
