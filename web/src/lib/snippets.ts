/** How a client is pointed at this server: what is copied, and where it goes. */
export type Snippet = { name: string; title: string; text: string; kind: 'shell' | 'code' | 'fields' }

type Target = { baseUrl: string; accessKey: string; model: string }

/** Snippets for the clients that people have. `baseUrl` is the server's address without a path. */
export function snippets({ baseUrl, accessKey, model }: Target): Snippet[] {
  return [
    {
      name: 'curl',
      title: 'curl',
      kind: 'shell',
      text: `curl ${baseUrl}/v1/chat/completions \\
  -H "Authorization: Bearer ${accessKey}" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] }).replaceAll("'", "'\\''")}'`,
    },
    {
      name: 'python',
      title: 'Python',
      kind: 'code',
      text: `# pip install openai
from openai import OpenAI

client = OpenAI(
    base_url="${baseUrl}/v1",
    api_key="${accessKey}",
)
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`,
    },
    {
      name: 'javascript',
      title: 'JavaScript',
      kind: 'code',
      text: `// npm install openai
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${baseUrl}/v1',
  apiKey: '${accessKey}',
})
const answer = await client.chat.completions.create({
  model: ${JSON.stringify(model)},
  messages: [{ role: 'user', content: 'Hello!' }],
})
console.log(answer.choices[0].message.content)`,
    },
    {
      name: 'claudeCode',
      title: 'Claude Code',
      kind: 'shell',
      text: `export ANTHROPIC_BASE_URL=${baseUrl}
export ANTHROPIC_AUTH_TOKEN=${accessKey}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${quoted(model)}
export ANTHROPIC_DEFAULT_SONNET_MODEL=${quoted(model)}
export ANTHROPIC_DEFAULT_OPUS_MODEL=${quoted(model)}
claude --model ${quoted(model)}`,
    },
    {
      name: 'codex',
      title: 'Codex',
      kind: 'shell',
      text: `mkdir -p ~/.codex && cat >> ~/.codex/config.toml <<'EOF'
model = ${JSON.stringify(model)}
model_provider = "roundhouse"

[model_providers.roundhouse]
name = "Roundhouse"
base_url = "${baseUrl}/v1"
env_key = "ROUNDHOUSE_KEY"
wire_api = "responses"
EOF
export ROUNDHOUSE_KEY=${accessKey}
codex`,
    },
    {
      name: 'cherryStudio',
      title: 'Cherry Studio',
      kind: 'fields',
      text: `API Host: ${baseUrl}
API Key: ${accessKey}
Model ID: ${model}`,
    },
    {
      name: 'openWebui',
      title: 'Open WebUI',
      kind: 'shell',
      text: `export OPENAI_API_BASE_URL=${baseUrl}/v1
export OPENAI_API_KEY=${accessKey}
open-webui serve`,
    },
  ]
}

/** A word of a shell command; names of models may hold what a shell would read. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
