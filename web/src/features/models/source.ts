export type Source = { links: string[]; month: string | undefined; own: boolean }

/** What a price's source says: pages, and the month in which they did (`https://…, from knowledge (2026-10)`). */
export function readSource(text: string | undefined): Source {
  if (!text) return { links: [], month: undefined, own: false }
  const month = /\((\d{4}-\d{2})\)\s*$/.exec(text)?.[1]
  const links = text.match(/https?:\/\/[^\s,;()]+/g) ?? []
  return { links: [...new Set(links)].slice(0, 1), month, own: text === 'catalogue' }
}
