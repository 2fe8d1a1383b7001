declare module 'virtual:npm-licences' {
  const packages: { name: string; version?: string; licence?: string }[]
  export default packages
}
