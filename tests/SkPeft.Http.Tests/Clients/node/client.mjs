// The calls of OpenAiClientTests with the official JavaScript client: node client.mjs http://127.0.0.1:8080/v1
// Prints one line a check; the first that fails ends it with its reason.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'any', maxRetries: 0 });
const restaurant = [{ role: 'user', content: 'name[The Eagle], eatType[coffee shop], food[French], area[riverside]' }];

async function check(name, run) {
  await run();
  console.log(`ok ${name}`);
}

await check('a skill answers, with a receipt', async () => {
  const { data, response } = await client.chat.completions.create({ model: 'sentiment', messages: [{ role: 'user', content: 'a warm , funny film' }] }).withResponse();
  assert.ok(['positive', 'negative'].includes(data.choices[0].message.content));
  assert.equal(data.model, 'sentiment@1');
  assert.equal(JSON.parse(response.headers.get('x-skpeft-receipt')).digest, data.skpeft.digest);
});

await check('options are honoured', async () => {
  const body = { model: 'describe', messages: restaurant, max_completion_tokens: 4, temperature: 0.8, seed: 42, logprobs: true, top_logprobs: 3, n: 2, user: 'me' };
  const first = await client.chat.completions.create(body);
  const second = await client.chat.completions.create(body);
  assert.deepEqual(second.choices.map((c) => c.message), first.choices.map((c) => c.message));
  assert.equal(first.choices.length, 2);
  assert.ok(first.choices[0].logprobs.content.every((t) => t.top_logprobs.length === 3));
});

await check('a stream says the same', async () => {
  const body = { model: 'describe', messages: restaurant, max_tokens: 10 };
  const whole = await client.chat.completions.create(body);
  let text = '';
  let usage = null;
  for await (const chunk of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage, whole.usage);
});

await check('a stream can be left', async () => {
  const stream = await client.completions.create({ model: 'base', prompt: 'The Eagle is a', max_tokens: 900, stream: true });
  for await (const _ of stream) {
    break;
  }
});

await check('text completions', async () => {
  const completion = await client.completions.create({ model: 'describe@prod', prompt: ['name[The Eagle]\nDescription:', 'name[The Mill]\nDescription:'], max_tokens: 5, logprobs: 2 });
  assert.equal(completion.choices.length, 2);
  assert.equal(completion.choices[0].logprobs.tokens.length, completion.choices[0].logprobs.token_logprobs.length);
});

await check('errors are of the client\'s own kinds', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'nobody', messages: restaurant }), (e) => e instanceof OpenAI.NotFoundError && e.code === 'model_not_found');
  await assert.rejects(client.chat.completions.create({ model: 'describe', messages: restaurant, colour: 1 }), (e) => e instanceof OpenAI.BadRequestError && e.param === 'colour');
});

await check('models are listed and shown', async () => {
  const ids = [];
  for await (const model of client.models.list()) {
    ids.push(model.id);
  }
  assert.ok(ids.includes('topic@prod'));
  assert.equal((await client.models.retrieve('topic')).id, 'topic');
});
