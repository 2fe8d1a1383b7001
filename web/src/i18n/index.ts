import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './locales/en.json'
import zh from './locales/zh.json'

export const languages = { en: 'English', zh: '简体中文' }
export type Language = keyof typeof languages

const stored = 'roundhouse.language'

/** Texts of features, fetched when a page first needs them. The common ones come with the application. */
const files = import.meta.glob<{ default: Record<string, unknown> }>('../features/*/locales/*.json')

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const file = files[`../features/${namespace}/locales/${language}.json`]
    if (!file) return done(new Error(`no texts of ${namespace} in ${language}`), null)
    file().then(
      (module) => done(null, module.default),
      (error: Error) => done(error, null),
    )
  },
}

function isLanguage(name: string | null | undefined): name is Language {
  return name === 'en' || name === 'zh'
}

function preferred(): Language {
  const chosen = localStorage.getItem(stored)
  if (isLanguage(chosen)) return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en'
}

export async function setLanguage(language: Language) {
  localStorage.setItem(stored, language)
  await i18next.changeLanguage(language)
}

/** Loads the common texts; pages add their feature's as a namespace: `useTranslation('providers')`. */
export async function startI18n() {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  })
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: preferred(),
      fallbackLng: 'en',
      ns: ['common'],
      defaultNS: 'common',
      fallbackNS: 'common',
      partialBundledLanguages: true,
      resources: { en: { common: en }, zh: { common: zh } },
      interpolation: { escapeValue: false },
    })
}
