// The official Anthropic SDK for Node.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: process.env.ROUNDHOUSE_URL, apiKey: process.env.ROUNDHOUSE_KEY, maxRetries: 0 });
const hello = { model: 'demo', max_tokens: 400, messages: [{ role: 'user', content: 'Say hello' }] };
const weather = {
  name: 'get_weather',
  description: 'Tells the weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

test('messages, whole and streamed, say the same', async () => {
  const whole = await client.messages.create(hello);
  const final = await client.messages.stream(hello).finalMessage();
  assert.match(whole.content[0].text, /Say hello/);
  assert.deepEqual(final.content, whole.content);
  assert.equal(final.usage.output_tokens, whole.usage.output_tokens);
});

test('streamed tool calls have whole arguments', async () => {
  const messages = [{ role: 'user', content: 'What is the weather in Paris?' }];
  const final = await client.messages.stream({ ...hello, model: 'demo-tool', messages, tools: [weather] }).finalMessage();
  assert.equal(final.stop_reason, 'tool_use');
  const call = final.content.find((block) => block.type === 'tool_use');
  assert.equal(call.name, 'get_weather');
  assert.ok('city' in call.input);
});

test('thinking comes before text', async () => {
  const ask = { ...hello, model: 'demo-thinking', max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 1024 } };
  const final = await client.messages.stream(ask).finalMessage();
  assert.deepEqual(final.content.map((block) => block.type), ['thinking', 'text']);
});

test('tokens are counted and models listed', async () => {
  const { input_tokens: count } = await client.messages.countTokens({ model: 'demo', messages: hello.messages });
  assert.ok(count > 0);
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.includes('demo'));
});

test('errors are typed', async () => {
  const ask = (model) => client.messages.create({ ...hello, model });
  await assert.rejects(ask('nonesuch'), Anthropic.NotFoundError);
  await assert.rejects(ask('demo-error-429'), Anthropic.RateLimitError);
  await assert.rejects(ask('demo-error'), Anthropic.InternalServerError);
  const stranger = new Anthropic({ baseURL: client.baseURL, apiKey: 'nobody', maxRetries: 0 });
  await assert.rejects(stranger.messages.create(hello), Anthropic.AuthenticationError);
});

test('a stream that breaks throws', async () => {
  await assert.rejects(client.messages.stream({ ...hello, model: 'demo-cut' }).finalMessage(), Anthropic.APIError);
});
