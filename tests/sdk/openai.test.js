// The official OpenAI SDK for Node.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.ROUNDHOUSE_URL}/v1`,
  apiKey: process.env.ROUNDHOUSE_KEY,
  maxRetries: 0,
});
const messages = [{ role: 'user', content: 'Say hello' }];

test('chat, whole and streamed, says the same', async () => {
  const whole = await client.chat.completions.create({ model: 'demo', messages });
  const stream = client.chat.completions.stream({ model: 'demo', messages, stream_options: { include_usage: true } });
  const final = await stream.finalChatCompletion();
  assert.match(whole.choices[0].message.content, /Say hello/);
  assert.equal(final.choices[0].message.content, whole.choices[0].message.content);
  assert.deepEqual(await stream.totalUsage(), { ...(await stream.totalUsage()), total_tokens: whole.usage.total_tokens });
});

test('a tool is called and its result is used', async () => {
  const runner = client.chat.completions.runTools({
    model: 'demo',
    messages: [{ role: 'user', content: 'What is the weather in Paris? Use the tool.' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Tells the weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          parse: JSON.parse,
          function: ({ city }) => {
            assert.equal(typeof city, 'string');
            return '17 degrees and windy';
          },
        },
      },
    ],
  });
  assert.match(await runner.finalContent(), /17 degrees and windy/);
});

test('responses stream to their end', async () => {
  const whole = await client.responses.create({ model: 'demo', input: 'Say hello' });
  const kinds = [];
  let text = '';
  for await (const event of await client.responses.create({ model: 'demo', input: 'Say hello', stream: true })) {
    kinds.push(event.type);
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  assert.equal(kinds[0], 'response.created');
  assert.equal(kinds.at(-1), 'response.completed');
  assert.equal(text, whole.output_text);
});

test('embeddings asked for in base64 have all their dimensions', async () => {
  const packed = await client.embeddings.create({ model: 'demo', input: ['one', 'two'] });
  const floats = await client.embeddings.create({ model: 'demo', input: ['one', 'two'], encoding_format: 'float' });
  assert.equal(packed.data.length, 2);
  assert.equal(packed.data[0].embedding.length, floats.data[0].embedding.length);
  packed.data[0].embedding.forEach((value, at) => assert.ok(Math.abs(value - floats.data[0].embedding[at]) < 1e-6));
});

test('models are listed', async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.includes('demo'));
});

test('errors are typed', async () => {
  const ask = (model) => client.chat.completions.create({ model, messages });
  await assert.rejects(ask('nonesuch'), OpenAI.NotFoundError);
  await assert.rejects(ask('demo-error-429'), OpenAI.RateLimitError);
  await assert.rejects(ask('demo-error'), OpenAI.InternalServerError);
  const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'nobody', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});

test('a stream that breaks throws', async () => {
  const stream = await client.chat.completions.create({ model: 'demo-cut', messages, stream: true });
  let text = '';
  await assert.rejects(async () => {
    for await (const chunk of stream) text += chunk.choices[0].delta.content ?? '';
  }, OpenAI.APIError);
  assert.notEqual(text, '');
});
