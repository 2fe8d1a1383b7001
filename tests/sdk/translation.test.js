// The official SDKs for Node.js, with models of providers that speak another protocol.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

const { ROUNDHOUSE_URL: url, ROUNDHOUSE_KEY: apiKey } = process.env;
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });

const question = 'What is the weather in Paris? Use the tool.';
const result = '17 degrees and windy';
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

for (const kind of ['anthropic', 'gemini', 'openai-compatible', 'openai-responses']) {
  const model = `${kind}/demo`;

  test(`OpenAI's runner closes a loop of streamed tools at ${kind}`, async () => {
    const runner = openai.chat.completions.runTools({
      model,
      stream: true,
      messages: [{ role: 'user', content: question }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: schema, parse: JSON.parse, function: () => result } }],
    });
    assert.match(await runner.finalContent(), new RegExp(result));
  });

  test(`responses call a tool of ${kind} and go on`, async () => {
    const input = [{ role: 'user', content: question }];
    const ask = { model, tools: [{ type: 'function', name: 'get_weather', parameters: schema, strict: false }] };
    const first = await openai.responses.stream({ ...ask, input }).finalResponse();
    const call = first.output.find((item) => item.type === 'function_call');
    input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: result });
    const { output_text: text } = await openai.responses.create({ ...ask, input });
    assert.match(text, new RegExp(result));
  });

  test(`messages stream from ${kind} and call tools`, async () => {
    const messages = [{ role: 'user', content: question }];
    const ask = { model, max_tokens: 400, tools: [{ name: 'get_weather', input_schema: schema }] };
    const first = await anthropic.messages.stream({ ...ask, messages }).finalMessage();
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    messages.push({ role: 'assistant', content: first.content });
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: result }] });
    const last = await anthropic.messages.stream({ ...ask, messages }).finalMessage();
    assert.match(last.content[0].text, new RegExp(result));
  });

  test(`Gemini chats stream from ${kind} and call functions`, async () => {
    const tools = [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: schema }] }];
    const chat = google.chats.create({ model, config: { tools } });
    const calls = [];
    for await (const chunk of await chat.sendMessageStream({ message: question })) calls.push(...(chunk.functionCalls ?? []));
    assert.equal(calls.length, 1);
    const { id, name } = calls[0];
    let text = '';
    const message = [{ functionResponse: { id, name, response: { result } } }];
    for await (const chunk of await chat.sendMessageStream({ message })) text += chunk.text ?? '';
    assert.match(text, new RegExp(result));
  });

  test(`streams of ${kind} that break throw`, async () => {
    const messages = [{ role: 'user', content: 'Say hello' }];
    const broken = `${model}-cut`;
    await assert.rejects(anthropic.messages.stream({ model: broken, max_tokens: 400, messages }).finalMessage(), Anthropic.APIError);
    await assert.rejects(openai.chat.completions.stream({ model: broken, messages }).finalChatCompletion(), OpenAI.OpenAIError);
    await assert.rejects(async () => {
      for await (const chunk of await google.models.generateContentStream({ model: broken, contents: 'hi' })) assert.ok(chunk);
    });
  });
}
