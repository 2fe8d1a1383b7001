import {
  Activity,
  Bell,
  Boxes,
  ChartColumn,
  FileClock,
  FlaskConical,
  Gauge,
  GitBranch,
  History,
  Info,
  KeyRound,
  KeySquare,
  ListTree,
  type LucideIcon,
  PlugZap,
  ScrollText,
  Settings,
  ShieldCheck,
  Tags,
  TicketCheck,
  Timer,
  Upload,
  Users,
  UsersRound,
} from 'lucide-react'
import type { LinkProps } from '@tanstack/react-router'

export type Place = {
  /** Its name in the texts, below `nav`. */
  name: string
  to: NonNullable<LinkProps['to']>
  icon: LucideIcon
  /** Any of these permissions opens it; none: everyone. */
  needs?: string[]
  /** Keys pressed after one another, as in `g d`. */
  keys?: string
}

export type Section = { name: string; places: Place[] }

/** Every page of the console, in the order of the menu. */
export const sections: Section[] = [
  {
    name: 'overview',
    places: [
      { name: 'dashboard', to: '/', icon: Gauge, needs: ['usage.read'], keys: 'g d' },
      { name: 'playground', to: '/playground', icon: FlaskConical, needs: ['models.use'], keys: 'g g' },
      { name: 'health', to: '/health-checks', icon: Activity, needs: ['health.read'], keys: 'g h' },
      { name: 'alerts', to: '/alerts', icon: Bell, needs: ['health.read'] },
    ],
  },
  {
    name: 'gateway',
    places: [
      { name: 'providers', to: '/providers', icon: PlugZap, needs: ['providers.read'], keys: 'g p' },
      { name: 'keys', to: '/keys', icon: KeySquare, needs: ['providers.read'], keys: 'g k' },
      { name: 'pools', to: '/pools', icon: Boxes, needs: ['providers.read'] },
      { name: 'models', to: '/models', icon: Tags, needs: ['models.read'], keys: 'g m' },
      { name: 'routes', to: '/routes', icon: GitBranch, needs: ['routes.read'], keys: 'g o' },
      {
        name: 'accessKeys',
        to: '/access-keys',
        icon: KeyRound,
        needs: ['access_keys.own', 'access_keys.read'],
        keys: 'g a',
      },
      { name: 'guardrails', to: '/guardrails', icon: ShieldCheck, needs: ['settings.read'] },
    ],
  },
  {
    name: 'traffic',
    places: [
      {
        name: 'requests',
        to: '/requests',
        icon: ListTree,
        needs: ['requests.read', 'usage.own'],
        keys: 'g r',
      },
      { name: 'usage', to: '/usage', icon: ChartColumn, needs: ['usage.own', 'usage.read'], keys: 'g u' },
    ],
  },
  {
    name: 'configuration',
    places: [
      { name: 'revisions', to: '/revisions', icon: History, needs: ['revisions.read'], keys: 'g v' },
      { name: 'transfer', to: '/transfer', icon: Upload, needs: ['revisions.read', 'revisions.write'] },
      { name: 'settings', to: '/settings', icon: Settings, needs: ['settings.read'], keys: 'g s' },
    ],
  },
  {
    name: 'people',
    places: [
      { name: 'users', to: '/users', icon: Users, needs: ['users.read'] },
      { name: 'groups', to: '/groups', icon: UsersRound, needs: ['users.read'] },
      { name: 'tokens', to: '/tokens', icon: TicketCheck },
      { name: 'audit', to: '/audit', icon: ScrollText, needs: ['audit.read'] },
    ],
  },
  {
    name: 'system',
    places: [
      { name: 'jobs', to: '/jobs', icon: Timer, needs: ['jobs.read'] },
      { name: 'account', to: '/account', icon: FileClock },
      { name: 'about', to: '/about', icon: Info },
    ],
  },
]
