// The official Google Gen AI SDK for Node.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, GoogleGenAI } from '@google/genai';

const connect = (apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: process.env.ROUNDHOUSE_URL } });
const client = connect(process.env.ROUNDHOUSE_KEY);

test('content, whole and streamed, says the same', async () => {
  const whole = await client.models.generateContent({ model: 'demo', contents: 'Say hello' });
  let text = '';
  for await (const chunk of await client.models.generateContentStream({ model: 'demo', contents: 'Say hello' })) {
    text += chunk.text ?? '';
  }
  assert.match(whole.text, /Say hello/);
  assert.equal(text, whole.text);
});

test('functions are called', async () => {
  const answer = await client.models.generateContent({
    model: 'demo-tool',
    contents: 'What is the weather in Paris?',
    config: {
      tools: [
        {
          functionDeclarations: [
            {
              name: 'get_weather',
              description: 'Tells the weather',
              parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
            },
          ],
        },
      ],
    },
  });
  assert.equal(answer.functionCalls[0].name, 'get_weather');
  assert.ok('city' in answer.functionCalls[0].args);
});

test('embeddings, counts and models', async () => {
  const embedded = await client.models.embedContent({ model: 'demo', contents: ['one', 'two'] });
  assert.equal(embedded.embeddings.length, 2);
  const { totalTokens } = await client.models.countTokens({ model: 'demo', contents: 'one two three' });
  assert.ok(totalTokens > 0);
  const names = [];
  for await (const model of await client.models.list()) names.push(model.name);
  assert.ok(names.includes('models/demo'));
});

test('errors are typed', async () => {
  const ask = (who, model) => who.models.generateContent({ model, contents: 'hi' });
  const told = (status) => (error) => error instanceof ApiError && error.status === status;
  await assert.rejects(ask(client, 'nonesuch'), told(404));
  await assert.rejects(ask(client, 'demo-error-429'), told(429));
  await assert.rejects(ask(client, 'demo-error'), told(502));
  await assert.rejects(ask(connect('nobody'), 'demo'), told(401));
});
